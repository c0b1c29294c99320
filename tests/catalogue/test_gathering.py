"""Columns that come part by part, held or on disk."""

import errno
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys_core.catalogue.gathering import gathered

sizes = st.lists(st.integers(0, 9), min_size=1, max_size=6)


@given(sizes)
def test_on_disk_as_in_memory(tmp_path_factory: pytest.TempPathFactory, sizes: list[int]) -> None:
    rng, folder = np.random.default_rng(0), tmp_path_factory.getbasetemp()
    parts = [(rng.random((n, 3)), rng.integers(9, size=n).astype(np.int8)) for n in sizes]
    for column, held, mapped in zip(
        zip(*parts, strict=True), gathered(parts), gathered(parts, folder), strict=True
    ):
        whole = np.concatenate(column)
        for found in (held, mapped):
            assert (found.dtype, found.shape) == (whole.dtype, whole.shape)
            np.testing.assert_array_equal(found, whole)


def test_the_files_have_no_name_and_are_read_only(tmp_path: Path) -> None:
    (column,) = gathered(((np.arange(9),) for _ in range(3)), tmp_path)
    assert isinstance(column.base, np.memmap)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="read-only"):
        column[0] = 1


def test_they_lie_elsewhere_where_nothing_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    (column,) = gathered([(np.arange(9),)], tmp_path / "not there")
    assert column.tolist() == list(range(9))


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    """In a process that may write files of 64 KiB only."""
    code = f"""
import numpy as np, resource, signal
from pathlib import Path
from recsys_core.catalogue.gathering import gathered
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, {resource.RLIM_INFINITY}))
try:
    gathered(((np.zeros(4096),) for _ in range(9)), Path({str(tmp_path)!r}))
except OSError as error:
    print(error.errno)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == [str(errno.EFBIG)]
    assert list(tmp_path.iterdir()) == []
