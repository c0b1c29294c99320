from hashlib import sha256
from pathlib import Path

import pytest

from recsys_core.training import checkpoint
from recsys_core.workspace.storage.manifest import CHECKPOINT, Entry, Manifest

pytestmark = pytest.mark.one_database  # opens no catalogue


def test_a_folder_is_told_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(b"weights")
    (tmp_path / "encoder" / "2_Normalize").mkdir(parents=True)
    (tmp_path / "encoder" / "config.json").write_bytes(b"{}")
    for name in (".doomed", ".stored", ".writing-1-model", "b.writing", CHECKPOINT):
        (tmp_path / name).write_bytes(b"of this machine")
    made = Manifest.of(tmp_path)
    assert made.files == {
        "model": Entry(7, sha256(b"weights").hexdigest()),
        "encoder/config.json": Entry(2, sha256(b"{}").hexdigest()),
    }
    assert made.folders == ("encoder/2_Normalize",)
    assert Manifest.parse(made.to_json()) == made
    assert [*made.without("model").files] == ["encoder/config.json"]


def test_a_checkpoint_is_called_as_the_training_calls_it() -> None:
    assert checkpoint.NAME == CHECKPOINT


@pytest.mark.parametrize("name", ["../catalog.db", "/etc/passwd", "a/../../b"])
def test_nothing_is_written_outside_of_the_folder(name: str) -> None:
    told = Manifest({name: Entry(1, "0")}).to_json()
    with pytest.raises(ValueError, match="outside of its folder"):
        Manifest.parse(told)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"files": {"a": {"size": 1}}, "folders": []}'])
def test_what_is_no_manifest_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"manifest|Expecting"):
        Manifest.parse(content)
