"""Disks that are full or read-only: real ones, small and mounted for the test."""

import ctypes
import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import DriftmapError, ResourceError
from recsys_core.jobs.failures import explain
from recsys_core.parts import Parts
from recsys_core.upkeep.backup import back_up
from recsys_core.upkeep.inspection import inspect
from recsys_core.upkeep.restore import restore
from recsys_core.workspace.workspace import Workspace

LIBC = ctypes.CDLL(None, use_errno=True)
MS_RDONLY, MS_REMOUNT, MNT_DETACH = 1, 32, 2  # mount(2), umount2(2)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if LIBC.mount(b"none", bytes(folder), b"tmpfs", 0, b"size=2m") != 0:
        pytest.skip(f"no disk can be mounted here: {errno.errorcode[ctypes.get_errno()]}")
    yield folder
    LIBC.umount2(bytes(folder), MNT_DETACH)


def large() -> pd.DataFrame:
    return pd.DataFrame({"noise": list(os.urandom(3_000_000))})


def test_a_result_that_fills_the_disk_leaves_the_old_one(disk: Path) -> None:
    ws = Workspace.open(disk / "ws")
    ws.save_dataset("shop", *log_and_items(), {})
    ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
    with pytest.raises(OSError, match="No space left") as raised:
        ws.save_result("map", "shop", 1, None, Parts({"n": 2}, {"large": large()}))
    assert explain(raised.value).error == "The disk is full."
    parts = ws.load_result("map", "shop", 1)
    assert parts is not None
    assert parts.document == {"n": 1}
    assert inspect(ws) == ()
    ws.delete_dataset("shop")
    assert ws.datasets() == []


def log_and_items() -> tuple[pd.DataFrame, pd.DataFrame]:
    day = pd.to_datetime(["2013-06-01"], utc=True)
    log = pd.DataFrame({"user_id": ["a"], "item_id": ["x"], "domain": ["tea"], "timestamp": day})
    return log, pd.DataFrame({"item_id": ["x"], "domain": ["tea"], "title": [""], "text": [""]})


def test_backup_and_restore_on_a_full_disk(ws: Workspace, disk: Path, tmp_path: Path) -> None:
    ws.save_result("map", "shop", 2, None, Parts({"n": 2}, {"large": large()}))
    with pytest.raises(ResourceError, match="The disk is full, so nothing was saved"):
        back_up(ws, disk / "a.tar")
    assert list(disk.iterdir()) == []
    assert list((ws.root / "imports").iterdir()) == []
    file = back_up(ws, tmp_path / "a.tar").file
    with pytest.raises(ResourceError, match=r"The backup takes 3 MB, and 2 MB are free"):
        restore(file, disk / "ws")
    assert list(disk.iterdir()) == []


def test_a_disk_that_becomes_read_only(disk: Path) -> None:
    ws = Workspace.open(disk / "ws")
    ws.save_dataset("shop", *log_and_items(), {})
    assert LIBC.mount(b"none", bytes(disk), b"tmpfs", MS_RDONLY | MS_REMOUNT, b"size=2m") == 0
    with pytest.raises(DriftmapError, match="read-only"):
        ws.new_run("shop", 1, {})
    with pytest.raises(OSError, match="Read-only file system") as raised:
        ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
    assert explain(raised.value).error == "The disk of the workspace is read-only."
    with pytest.raises(DriftmapError, match="read-only"):
        Workspace.open(disk / "ws")
    assert LIBC.mount(b"none", bytes(disk), b"tmpfs", MS_REMOUNT, b"size=2m") == 0
    again = Workspace.open(disk / "ws")
    assert again.load_dataset("shop").n_events == 1
    assert inspect(again) == ()
