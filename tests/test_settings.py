from pathlib import Path

import pytest

from recsys_core.errors import InputError
from recsys_core.settings import read_settings


def test_there_is_no_import_folder_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFTMAP_IMPORT_FOLDER", raising=False)
    assert read_settings().import_folder is None

    monkeypatch.setenv("DRIFTMAP_IMPORT_FOLDER", "/data/logs")
    assert read_settings().import_folder == Path("/data/logs")


def test_a_limit_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_MAX_UPLOAD_MB", "lots")

    with pytest.raises(InputError, match="DRIFTMAP_MAX_UPLOAD_MB is 'lots'"):
        read_settings()
