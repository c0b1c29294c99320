import resource
import shutil
from collections import namedtuple
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from recsys_core.errors import ResourceError
from recsys_core.training.checkpoint import ASIDE, NAME, Checkpoint, discard

SMALL = Checkpoint({"a": torch.ones(3)}, {"epoch": 1})
LARGE = Checkpoint({"a": torch.zeros(1_000_000)}, {"epoch": 2})


@contextmanager
def files_up_to(n_bytes: int) -> Iterator[None]:
    """The system lets no file grow larger."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_checkpoint_that_finds_no_room_leaves_the_old_one(tmp_path: Path) -> None:
    SMALL.save(tmp_path)
    with files_up_to(1_000_000), pytest.raises(ResourceError, match="of 4 MB could not be written"):
        LARGE.save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    stored = Checkpoint.load(tmp_path)
    assert stored is not None
    assert stored.document == {"epoch": 1}
    assert stored.tensors["a"].tolist() == [1.0, 1.0, 1.0]


def test_a_full_disk_is_told_in_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SMALL.save(tmp_path)
    usage = namedtuple("usage", "total used free")(10**9, 10**9 - 10**6, 10**6)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with files_up_to(1_000_000), pytest.raises(ResourceError) as caught:
        LARGE.save(tmp_path)
    assert str(caught.value) == (
        "The disk is full: a checkpoint takes 4 MB and 1 MB are free. The one of the epoch before is "
        "intact. Free 7 MB or more."
    )


def test_discarding_takes_along_what_a_killed_process_left(tmp_path: Path) -> None:
    LARGE.save(tmp_path)
    (tmp_path / ASIDE).write_bytes(b"half")
    discard(tmp_path)
    assert list(tmp_path.iterdir()) == []
