import gzip
from pathlib import Path

import pytest

from pages.ui.import_sample import SAMPLE, Extent, extent_of
from recsys_core.logs.formats import detect

HEAD = "user_id,item_id,timestamp\n"


def test_small_files_are_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(HEAD + "u1,i1,2024-01-01\n")

    assert extent_of([detect(path)]) == Extent(None, None)


def test_large_files_are_read_by_their_first_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.import_sample.LARGE", 100_000)
    path = tmp_path / "log.csv"
    path.write_text(HEAD + "u1,i1,2024-01-01\n" * 10_230)

    extent = extent_of([detect(path)])

    assert extent == Extent(SAMPLE, 10_000)
    assert extent.sentence == "the first 200,000 rows of about 10,000"


def test_how_many_rows_a_packed_file_has_is_not_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.import_sample.LARGE", 100)
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress((HEAD + "u1,i1,2024-01-01\n" * 100).encode(), mtime=0))

    assert extent_of([detect(path)]).sentence == "the first 200,000 rows"
