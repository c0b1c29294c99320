"""A full disk, a killed process, two imports at once, an import that is cancelled."""

import ctypes
import errno
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from recsys_core.errors import CancelledError, ResourceError
from recsys_core.progress import Silent
from recsys_core.workspace.imports import import_logs, preview_import
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace
from tests.workspace.bad_files import GOOD, imported, nothing_was_saved, rows, text, write

FULL = "The disk is full"
ROOT = Path(__file__).parents[2]
CHILD = """
import sys
from pathlib import Path
from recsys_core.workspace.imports import import_logs
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace
ws = Workspace.open(sys.argv[1])
print("ready", flush=True)
report = import_logs(ws, ImportRequest.of("shop", (Path(sys.argv[2]),)))
print(report.info.version, flush=True)
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 120,000 rows whose ids do not pack well."""
    made = (
        f"u{n % 999},{n * 2_654_435_761 % 4_294_967_291:x}{n * 40_503:x},2013-06-01" for n in range(120_000)
    )
    return write(tmp_path_factory.mktemp("large") / "log.csv", text(made))


def child(ws: Path, log: Path) -> subprocess.Popen[str]:
    """An import in a process of its own, which has opened the workspace."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(ws), str(log)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    libc = ctypes.CDLL(None, use_errno=True)
    disk = tmp_path / "disk"
    disk.mkdir()
    if libc.mount(b"none", bytes(disk), b"tmpfs", 0, b"size=2m") != 0:
        pytest.skip(f"no disk can be mounted here: {errno.errorcode[ctypes.get_errno()]}")
    yield disk
    libc.umount2(bytes(disk), 2)


def test_a_disk_that_fills_up(small_disk: Path, large: Path, tmp_path: Path) -> None:
    ws = Workspace.open(small_disk / "ws")
    with pytest.raises(ResourceError, match=FULL):
        import_logs(ws, ImportRequest.of("shop", (large,)))
    assert nothing_was_saved(ws)
    assert imported(ws, write(tmp_path / "log.csv", GOOD)).n_kept == 400


def test_a_limit_on_the_size_of_files(ws: Workspace, large: Path) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, limit[1]))
    try:
        with pytest.raises(ResourceError, match=FULL):
            import_logs(ws, ImportRequest.of("shop", (large,)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, handler)
    assert nothing_was_saved(ws)


@pytest.mark.parametrize("where", ["pyarrow.parquet.ParquetWriter.write_table", "os.fsync"])
def test_a_writer_that_runs_out_of_disk(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(where, full)
    with pytest.raises(ResourceError, match=r"The disk is full, so nothing was saved\. Free some space"):
        import_logs(ws, ImportRequest.of("shop", (write(tmp_path / "log.csv", GOOD),)))
    monkeypatch.undo()
    assert nothing_was_saved(ws)
    assert imported(ws, tmp_path / "log.csv").n_kept == 400


def test_a_process_that_is_killed(tmp_path: Path, large: Path) -> None:
    root = tmp_path / "ws"
    before = imported(Workspace.open(root), write(tmp_path / "log.csv", GOOD)).info
    chance = random.Random(5)  # noqa: S311
    for _ in range(3):
        process = child(root, large)
        time.sleep(chance.uniform(0.1, 1.4))
        process.kill()
        process.communicate()
        ws = Workspace.open(root)
        after = ws.dataset("shop")
        if after.version == before.version:  # killed before it was saved
            assert after.hash == before.hash
        whole = {info.folder.name for info in ws.versions("shop")}
        assert {path.name for path in (root / "datasets" / "shop").iterdir()} == whole
        assert list((root / "imports").glob(".writing-*")) == []
        assert list((root / "datasets").glob(".writing-*")) == []
        assert ws.load_dataset("shop").n_events == after.n_events
        before = after
    assert imported(ws, tmp_path / "log.csv").info.version > before.version


def test_two_imports_of_one_dataset_at_once(tmp_path: Path, large: Path) -> None:
    root = tmp_path / "ws"
    Workspace.open(root)
    both = [child(root, large), child(root, large)]
    versions = sorted(process.communicate(timeout=60)[0].strip() for process in both)
    assert versions == ["1", "2"]
    ws = Workspace.open(root)
    assert [info.version for info in ws.versions("shop")] == [1, 2]
    assert len({info.hash for info in ws.versions("shop")}) == 1
    assert ws.load_dataset("shop").n_events == 120_000


class Stopped(Silent):
    """Cancelled when it is asked for the ``number``th time."""

    def __init__(self, number: int) -> None:
        self.left = number

    def check_cancelled(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise CancelledError("The import was cancelled.")


@pytest.mark.parametrize("number", [1, 2])
def test_an_import_that_is_cancelled(ws: Workspace, tmp_path: Path, number: int) -> None:
    request = ImportRequest.of("shop", (write(tmp_path / "log.csv", text(rows())),))
    with pytest.raises(CancelledError):
        import_logs(ws, request, Stopped(number))
    with pytest.raises(CancelledError):
        preview_import(ws, request, progress=Stopped(1))
    assert nothing_was_saved(ws)
    assert import_logs(ws, request).n_kept == 400
