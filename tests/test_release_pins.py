"""The hash-pinned requirements of a release: nothing that runs is missing, and nothing is another version."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_setup import PINS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = [extra for extra in PROJECT["optional-dependencies"] if extra != "dev"]
FILES = {"requirements.txt": [], "requirements-extras.txt": EXTRAS}
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


def pinned(name: str) -> dict[str, tuple[str, list[str]]]:
    """Version and hashes of each package in a file."""
    text = (ROOT / ".ci" / "release" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    rows = (line.split(" ", 1) for line in text.splitlines())
    return {
        package: (version, HASH.findall(rest))
        for package, version, rest in ((*pin.split("=="), rest) for pin, rest in rows)
    }


def run_with(extras: list[str]) -> set[str]:
    """Everything that is installed here to run Driftmap with these extras."""
    more = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *(one for extra in extras for one in more[extra])]
    todo, seen = list(wanted), set()
    while todo:
        requirement = Requirement(todo.pop())
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key not in seen:
            seen.add(key)
            todo += needed(requirement)
    return {name for name, _ in seen}


def needed(requirement: Requirement) -> Iterator[str]:
    for text in requires(requirement.name) or ():
        marker = Requirement(text).marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)):
            yield text


@pytest.mark.parametrize("name", FILES)
def test_everything_that_runs_is_there_in_the_version_tested_and_with_hashes(name: str) -> None:
    found, runs = pinned(name), run_with(FILES[name])
    assert len(runs) > 60
    assert runs - found.keys() == set()
    assert {package: found[package][0] for package in runs} == {package: PINS[package] for package in runs}
    assert [package for package, (_, hashes) in found.items() if not hashes] == []


def test_what_is_pinned_in_both_lists_is_the_same() -> None:
    base, extras = map(pinned, FILES)
    assert base.items() <= extras.items()
    assert {"psycopg", "ray", "authlib", "opendp", "tensorboard"} <= extras.keys() - base.keys()


@pytest.mark.parametrize("name", FILES)
def test_no_host_and_no_file_of_a_machine_is_named(name: str) -> None:
    assert not re.search(r"://|@|--index|--find-links|\+cpu", (ROOT / ".ci" / "release" / name).read_text())
