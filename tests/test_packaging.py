"""A wheel built from the project works in a virtual environment outside the clone.

The environment borrows the libraries of the one that runs the tests, so nothing is downloaded; Driftmap
itself is there only through the wheel.
"""

import json
import os
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("recsys_core", "pages", "sample_data")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("driftmap-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of a virtual environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(folder, with_pip=False)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install"]
    subprocess.run([*pip, "--quiet", "--no-deps", "--no-index", str(wheel)], check=True)
    return folder / "bin"


def settings_of(folder: Path) -> dict[str, str]:
    """An environment in which nothing points back at the clone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DRIFTMAP", "PYTHON"))}
    return {**kept, "DRIFTMAP_WORKSPACE": str(folder / "workspace")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> str:
    """What the URL answers, once it does."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "The app ended before it answered."
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError(f"{url} did not answer within {seconds:.0f} s.")


def test_the_wheel_carries_everything(wheel: Path) -> None:
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert sources | {"app.py", ".streamlit/config.toml"} <= packed
    assert not {name for name in packed if name.startswith(("tests", "workspace"))}


def test_the_licence_is_in_the_wheel(wheel: Path) -> None:
    packed = zipfile.ZipFile(wheel)
    (licence,) = (name for name in packed.namelist() if name.endswith("licenses/LICENSE"))
    assert b"Apache License" in packed.read(licence)


def test_doctor_runs_outside_the_clone(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [installed / "driftmap", "doctor", "--json"],
        cwd=tmp_path,
        env=settings_of(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


def test_the_sample_is_found_outside_the_clone(installed: Path, tmp_path: Path) -> None:
    script = "import sample_data as s, recsys_core as r; print(r.__file__, len(s.read_truth()['cohorts']))"
    done = subprocess.run(
        [installed / "python", "-c", script],
        cwd=tmp_path,
        env=settings_of(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    where, n_cohorts = done.stdout.split()
    assert Path(where).is_relative_to(installed.parent)
    assert n_cohorts == "8"


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The app started in a folder that has an ``app.py`` and a ``pages`` of its own."""
    (tmp_path / "app.py").write_text("raise SystemExit('the wrong app')", encoding="utf-8")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "__init__.py").write_text("raise SystemExit('the wrong pages')", encoding="utf-8")
    port = free_port()
    command = [str(installed / "driftmap"), "app", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, cwd=tmp_path, env=settings_of(tmp_path))
    yield f"http://127.0.0.1:{port}", process
    process.terminate()
    process.wait(timeout=20)


def test_the_app_answers_outside_the_clone(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    url, process = served
    assert wait_for(f"{url}/_stcore/health", process) == "ok"
    assert json.loads(wait_for(f"{url}/healthz", process))["status"] == "ok"


def test_the_app_listens_on_this_machine_only(served: tuple[str, subprocess.Popen[bytes]]) -> None:
    """The packaged settings are in force: without them the server would listen on every address."""
    url, process = served
    wait_for(f"{url}/_stcore/health", process)
    port = int(url.rsplit(":", 1)[1])
    with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
        probe.connect(("127.0.0.2", port))
