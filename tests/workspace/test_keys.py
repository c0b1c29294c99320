import shutil
from pathlib import Path

import pytest

from recsys_core.errors import InputError
from recsys_core.parts import Parts
from recsys_core.workspace.keys import known_pseudonyms, pseudonyms_of
from recsys_core.workspace.workspace import Workspace


def test_a_key_is_made_when_it_is_needed(ws: Workspace) -> None:
    assert known_pseudonyms(ws) is None
    made = pseudonyms_of(ws)
    assert known_pseudonyms(ws) == pseudonyms_of(ws) == made


def test_machines_agree_on_one_key(ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"file://{tmp_path / 'store'}")
    assert known_pseudonyms(ws) is None
    (tmp_path / "there").mkdir()
    other = Workspace(tmp_path / "there", ws.engine)
    assert known_pseudonyms(other) is None
    made = pseudonyms_of(ws)
    for asks in (known_pseudonyms, pseudonyms_of):
        with pytest.raises(InputError, match=r"pseudonym.key of the workspace is not on this machine.*Copy"):
            asks(other)
    assert not (other.root / "pseudonym.key").exists()
    (other.root / "pseudonym.key").write_bytes(b"k" * 32)
    with pytest.raises(InputError, match=r"pseudonym.key of this machine is another"):
        pseudonyms_of(other)
    shutil.copy(ws.root / "pseudonym.key", other.root / "pseudonym.key")
    assert pseudonyms_of(other) == made
    stored = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert not any(made.key in path.read_bytes() for path in stored)


def test_a_key_from_before_there_was_a_store_counts(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pseudonyms_of(ws)
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"file://{tmp_path / 'store'}")
    ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
    with pytest.raises(InputError, match=r"pseudonym.key of the workspace is not on this machine"):
        pseudonyms_of(Workspace(tmp_path / "there", ws.engine))
