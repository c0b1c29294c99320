"""What a stranger's machine relies on: the pins, the look, the search for a browser and a database server."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
PINS = dict(
    line.split("==")
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
)


def requirements() -> list[str]:
    project = PROJECT["project"]
    return [
        *project["dependencies"],
        *project["optional-dependencies"]["postgres"],
        *project["optional-dependencies"]["signin"],
        *project["optional-dependencies"]["dev"],
        *PROJECT["build-system"]["requires"],
    ]


@pytest.mark.parametrize("text", requirements())
def test_every_requirement_is_pinned_within_its_bounds(text: str) -> None:
    requirement = Requirement(text)
    assert {"<", ">="} <= {bound.operator for bound in requirement.specifier}
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_pins_name_neither_hosts_nor_local_builds() -> None:
    assert not [pin for pin in PINS.items() if any(sign in "".join(pin) for sign in "/@+")]


@pytest.mark.parametrize(
    "script", ["run", "find-python", "find-chromium", "find-postgres", "audit", "release/compile"]
)
def test_scripts_can_be_run(script: str) -> None:
    assert os.access(ROOT / ".ci" / script, os.X_OK)


@pytest.mark.parametrize(
    ("told", "code", "said"),
    [
        ([{"vulns": []}], 0, "No vulnerability is known of the 1 pinned packages"),
        ([{"vulns": [{"id": "CVE-1"}]}, {"skip_reason": "not found"}], 1, "tea 1.0: CVE-1"),
        ([{"vulns": []}, {"skip_reason": "not found"}], 3, "NOT AUDITED: only 1 packages could"),
        (None, 3, "NOT AUDITED: only 0 packages could"),
    ],
)
def test_packages_that_could_not_be_looked_up_are_not_called_clean(
    told: list[dict[str, object]] | None, code: int, said: str, tmp_path: Path
) -> None:
    packages = [{"name": "tea", "version": "1.0", **one} for one in told or ()]
    answer = "no network" if told is None else json.dumps({"dependencies": packages})
    (tmp_path / "pip-audit").write_text(f"#!/bin/sh\necho '{answer}'\n")
    (tmp_path / "pip-audit").chmod(0o755)
    command = [sys.executable, ROOT / ".ci" / "audit", tmp_path / "pip-audit"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, said in done.stdout) == (code, True), done


@pytest.mark.parametrize("name", ["chromium", "postgres"])
def test_a_program_that_does_not_start_is_refused(name: str) -> None:
    done = subprocess.run(
        [ROOT / ".ci" / f"find-{name}"],
        env={**os.environ, f"DRIFTMAP_{name.upper()}": "/no/such/program"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "/no/such/program" in done.stderr


def test_the_app_keeps_to_itself() -> None:
    assert SETTINGS["server"]["address"] == "127.0.0.1"
    assert SETTINGS["browser"]["gatherUsageStats"] is False
    assert SETTINGS["client"]["showErrorDetails"] == "none"


def luminance(colour: str) -> float:
    """Relative luminance in [0, 1] of ``#RRGGBB`` (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio in [1, 21] (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("role", ["textColor", "linkColor", "primaryColor", "grayTextColor"])
def test_text_is_readable_on_both_backgrounds(theme: str, role: str) -> None:
    colours = SETTINGS["theme"][theme]
    backgrounds = colours["backgroundColor"], colours["secondaryBackgroundColor"]
    assert min(contrast(colours[role], background) for background in backgrounds) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_have_ten_steps(theme: str) -> None:
    assert len(SETTINGS["theme"]["chartSequentialColors"]) == 10
    assert len(SETTINGS["theme"][theme]["chartDivergingColors"]) == 10


def test_every_picture_and_file_that_the_readme_links_to_is_there() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert "pages/ui/screenshots/atlas.png" in linked
    assert [name for name in linked if not (ROOT / name).exists()] == []
