import pandas as pd
import pytest
from fsspec.config import conf

from recsys_core.errors import InputError, OutageError
from recsys_core.workspace.storage import file_system_objects
from recsys_core.workspace.storage.stores import open_objects
from tests.sftp import PASSWORD, Sftp
from tests.workspace.storage.conftest import Machine, fill

OPENS_NONE = pytest.mark.one_database


def test_two_machines_share_a_workspace(
    sftp: Sftp, machine: Machine, monkeypatch: pytest.MonkeyPatch, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", sftp.url)
    run = fill(machine("a"), log, items)
    other = machine("b")
    assert len(other.load_dataset("shop").user) == len(log)
    assert other.load_result("map", "shop", 2, run) is not None
    other.delete_dataset("shop")
    left = [path.name for path in (sftp.folder / "team" / "store").rglob("*") if path.is_file()]
    assert left == ["workspace.mark"]


@OPENS_NONE
def test_a_lost_connection_is_told_and_made_anew(sftp: Sftp) -> None:
    objects = open_objects(sftp.url)
    objects.put("a", b"1")
    sftp.stop()
    for _ in range(2):
        with pytest.raises(OutageError, match=r"sftp://127\.0\.0\.1/team/store did not answer for a"):
            objects.read("a")
    sftp.start()
    assert objects.read("a") == b"1"


@OPENS_NONE
def test_who_is_not_let_in_is_told_without_secrets(sftp: Sftp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(conf["sftp"], "password", "an0ther")
    with pytest.raises(OutageError, match="Authentication failed") as error:
        open_objects(sftp.url).put("a", b"")
    assert not any(secret in str(error.value) for secret in (PASSWORD, "an0ther"))


@OPENS_NONE
def test_half_an_upload_is_seen_by_nobody(sftp: Sftp, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise ConnectionError("cut off")

    monkeypatch.setattr(file_system_objects, "_rename", lost)
    objects = open_objects(sftp.url)
    with pytest.raises(OutageError, match="did not answer for a: cut off"):
        objects.put("a", b"1")
    assert list(objects.list("")) == []
    assert [path for path in sftp.folder.rglob("*") if path.is_file()] == []


@OPENS_NONE
def test_what_nobody_speaks_is_refused() -> None:
    with pytest.raises(InputError, match=r"fsspec knows no 'gopher'\. Set it to"):
        open_objects("gopher://host/folder")
    with pytest.raises(InputError, match=r"DRIFTMAP_STORAGE_URL: .*smbprotocol.*Install that"):
        open_objects("smb://host/folder")
