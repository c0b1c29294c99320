import gzip
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileKind, LogFormat, detect
from recsys_core.logs.reading import Reading

ROWS = "user_id,item_id,timestamp\n007,a,978300760\n008,b,978300761\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("log.csv", ROWS, "comma-separated"),
        ("log.txt", ROWS.replace(",", ";"), "semicolon-separated"),
        ("log.tsv", ROWS.replace(",", "\t"), "tab-separated"),
        ("bom.csv", "\ufeff" + ROWS, "comma-separated"),
        ("crlf.csv", ROWS.replace("\n", "\r\n"), "comma-separated"),
        ("wide.csv", ROWS.encode("utf-16"), "comma-separated, utf-16"),
        ("log.csv.gz", gzip.compress(ROWS.encode(), mtime=0), "comma-separated, gzip"),
        ("log.csv.zst", pa.compress(ROWS.encode(), "zstd", asbytes=True), "comma-separated, zstd"),
        (
            "log.jsonl",
            '{"user_id": "007", "item_id": "a", "timestamp": 978300760}\n'
            '{"user_id": "008", "item_id": "b", "timestamp": 978300761}\n',
            "JSON lines",
        ),
        (
            "list.json",
            '[{"user_id": "007", "item_id": "a", "timestamp": 978300760},\n'
            ' {"user_id": "008", "item_id": "b", "timestamp": 978300761}]',
            "a JSON list",
        ),
    ],
)
def test_formats_are_told_by_their_content(tmp_path: Path, name: str, content: str, told: str) -> None:
    info = detect(write(tmp_path / name, content))
    assert (info.told, info.kind) == (told, FileKind.INTERACTIONS)
    assert info.columns == ("user_id", "item_id", "timestamp")
    assert info.sample.to_numpy().tolist() == [["007", "a", "978300760"], ["008", "b", "978300761"]]


def test_parquet(tmp_path: Path) -> None:
    pd.DataFrame({"user": ["007"], "item": [5], "time": pd.to_datetime(["2013-06-01"])}).to_parquet(
        tmp_path / "log.parquet"
    )
    info = detect(tmp_path / "log.parquet")
    assert (info.told, info.head.kind) == ("Parquet", "parquet")
    assert info.sample.to_numpy().tolist() == [["007", "5", "2013-06-01 00:00:00"]]


def test_a_file_of_items(tmp_path: Path) -> None:
    info = detect(write(tmp_path / "films.csv", 'movieId,title\n1,"Up, up"\n'))
    assert info.kind is FileKind.ITEMS
    assert info.guess.fields == {"item": "movieId", "title": "title"}


@pytest.mark.parametrize(
    ("row", "has_header"),
    [
        ("user,item,time", True),
        ("user_id,item_id,timestamp,0,1", True),  # numbered features
        ("who,what,when", True),
        ("who,what,what", False),
        ("7,9,1600000000", False),
        ("7,action,9", False),  # one known name may be a value
        ("a,b,2024-01-31T12:00:00Z", False),
        ("a,b,1/31/2024 9:00 AM", False),
        ("a,b,[1]", False),
        ("N12,b,c", False),  # as N7 below
        ("N12x,b,c", True),
    ],
)
def test_a_header_is_told_from_a_row(tmp_path: Path, row: str, has_header: bool) -> None:
    below = ",".join(["N7", "x", "y", "z", "w"][: row.count(",") + 1]) + "\n"
    info = detect(write(tmp_path / "log.csv", row + "\n" + below * 3))
    assert info.head.has_header is has_header
    assert len(info.sample) == 4 - has_header


def test_damaged_lines_of_json_are_passed_over(tmp_path: Path) -> None:
    lines = '{"user": "a", "item": "one\u2028line", "time": 1600000000}\n{"user": \n{"user": "b"}\n'
    info = detect(write(tmp_path / "log.jsonl", lines))
    assert info.sample.to_numpy().tolist() == [["a", "one\u2028line", "1600000000"], ["b", "", ""]]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("blank.csv", b"\n\n", "blank.csv is empty"),
        ("header.csv", b"user_id,item_id,timestamp\n", "has a header but no rows"),
        ("bytes.csv", bytes(range(256)), "is a binary file, not a log"),
        ("log.bz2", b"BZh91AY", "is a bzip2 archive, not a log"),
        ("cut.csv.gz", gzip.compress(ROWS.encode() * 50, mtime=0)[:-12], "damaged or cut-off gzip file"),
        ("one.csv", b"user_id\n1\n2\n", "has only one column"),
        ("broken.parquet", b"PAR1....", "is a damaged Parquet file"),
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
        detect(write(tmp_path / "log.csv", ROWS), Reading(LogFormat.PARQUET))
    with pytest.raises(InputError, match=r"log\.csv was said to be mind but looks like csv"):
        detect(write(tmp_path / "log.csv", ROWS), Reading(LogFormat.MIND))


def test_a_published_format_may_be_said_to_be_plain(tmp_path: Path) -> None:
    ratings = write(tmp_path / "ratings.dat", "1::1193::5::978300760\n")
    assert detect(ratings, Reading(LogFormat.MOVIELENS)).columns == (
        "userId",
        "movieId",
        "rating",
        "timestamp",
    )
    plain = detect(ratings, Reading(LogFormat.CSV))
    assert (plain.told, plain.columns[0]) == ("::-separated, no header", "column_1")


def test_format_by_name() -> None:
    assert LogFormat.parse("MovieLens") is LogFormat.MOVIELENS
    with pytest.raises(InputError, match="'xml' is not a format"):
        LogFormat.parse("xml")
