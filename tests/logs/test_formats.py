import gzip
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileKind, LogFormat, detect

ROWS = "user_id,item_id,timestamp\n007,a,978300760\n008,b,978300761\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("log.csv", ROWS, "csv"),
        ("log.txt", ROWS.replace(",", ";"), "csv"),
        ("log.tsv", ROWS.replace(",", "\t"), "tsv"),
        ("bom.csv", "\ufeff" + ROWS, "csv"),
        ("crlf.csv", ROWS.replace("\n", "\r\n"), "csv"),
        ("wide.csv", ROWS.encode("utf-16"), "csv"),
        ("log.csv.gz", gzip.compress(ROWS.encode()), "csv"),
        (
            "log.jsonl",
            '{"user_id": "007", "item_id": "a", "timestamp": 978300760}\n'
            '{"user_id": "008", "item_id": "b", "timestamp": 978300761}\n',
            "jsonl",
        ),
    ],
)
def test_formats_are_told_by_their_content(tmp_path: Path, name: str, content: str, format: str) -> None:
    info = detect(write(tmp_path / name, content))
    assert (info.format, info.kind) == (format, FileKind.INTERACTIONS)
    assert info.columns == ("user_id", "item_id", "timestamp")
    assert info.sample.to_numpy().tolist() == [["007", "a", "978300760"], ["008", "b", "978300761"]]


def test_parquet(tmp_path: Path) -> None:
    pd.DataFrame({"user": ["007"], "item": [5], "time": pd.to_datetime(["2013-06-01"])}).to_parquet(
        tmp_path / "log.parquet"
    )
    info = detect(tmp_path / "log.parquet")
    assert info.format is LogFormat.PARQUET
    assert info.sample.to_numpy().tolist() == [["007", "5", "2013-06-01 00:00:00"]]


def test_a_file_of_items(tmp_path: Path) -> None:
    info = detect(write(tmp_path / "films.csv", 'movieId,title\n1,"Up, up"\n'))
    assert info.kind is FileKind.ITEMS
    assert info.guess.fields == {"item": "movieId", "title": "title"}


def test_movielens_without_header(tmp_path: Path) -> None:
    ratings = detect(write(tmp_path / "ratings.dat", "1::1193::5::978300760\n"), LogFormat.MOVIELENS)
    assert ratings.columns == ("userId", "movieId", "rating", "timestamp")
    movies = "1::Ménage::Drama\n".encode("latin-1")
    films = detect(write(tmp_path / "movies.dat", movies), LogFormat.MOVIELENS)
    assert (films.kind, films.sample["title"].tolist()) == (FileKind.ITEMS, ["Ménage"])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("blank.csv", b"\n\n", "blank.csv is empty"),
        ("header.csv", b"user_id,item_id,timestamp\n", "has a header but no rows"),
        ("bytes.csv", bytes(range(256)), "is a binary file, not a log"),
        ("book.xlsx", b"PK\x03\x04....", "is a ZIP archive or an Excel workbook"),
        ("cut.csv.gz", gzip.compress(ROWS.encode() * 50)[:-12], "damaged or cut-off gzip file"),
        ("one.csv", b"user_id\n1\n2\n", "has only one column"),
        ("broken.parquet", b"PAR1....", "is a damaged Parquet file"),
        ("list.json", b'[{"user": 1}]', "is one JSON list"),
        ("broken.jsonl", b'{"user": \n{"user"', "No line of broken.jsonl is a JSON object"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        detect(write(tmp_path / name, content))
    assert caught.value.remedy


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        detect(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="is a folder"):
        detect(tmp_path)


def test_a_wrong_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"log\.csv was said to be parquet but looks like csv"):
        detect(write(tmp_path / "log.csv", ROWS), LogFormat.PARQUET)


def test_format_by_name() -> None:
    assert LogFormat.parse("MovieLens") is LogFormat.MOVIELENS
    with pytest.raises(InputError, match="'xml' is not a format"):
        LogFormat.parse("xml")
    with pytest.raises(InputError, match=r"MIND files .* cannot be read yet"):
        LogFormat.parse("mind")
