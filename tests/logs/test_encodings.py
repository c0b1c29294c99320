import codecs
import gzip
from pathlib import Path

import pyarrow as pa
import pytest

from recsys_core.logs.encodings import decode, guess_encoding, open_bytes, packing, write_utf8
from recsys_core.logs.formats import detect

HEADER = "user,item,title,time\n"
FRENCH = HEADER + "u1,i1,Crème brûlée,978300760\nu2,i2,Plain,978300761\n"
GERMAN = HEADER + "u1,i1,Größe 40,978300760\nu2,i2,Äpfel – süß,978300761\n"
RUSSIAN = HEADER + "u1,i1,Красные туфли,978300760\nu2,i2,Зелёный чай,978300761\n"
CHINESE = HEADER + "u1,i1,红色的高跟鞋,978300760\nu2,i2,绿茶,978300761\n"
KOREAN = HEADER + "u1,i1,빨간 구두,978300760\nu2,i2,녹차,978300761\n"
TAIWANESE = HEADER + "u1,i1,紅色的高跟鞋,978300760\nu2,i2,綠茶,978300761\n"
JAPANESE = HEADER + "u1,i1,赤いハイヒール,978300760\nu2,i2,みどりのお茶,978300761\n"


@pytest.mark.parametrize("times", [1, 300])
@pytest.mark.parametrize(
    ("text", "written", "guessed"),
    [
        (HEADER, "ascii", "utf-8"),
        (FRENCH, "utf-8", "utf-8"),
        (FRENCH, "utf-8-sig", "utf-8"),
        (FRENCH, "utf-16", "utf-16"),
        (FRENCH, "utf-16-le", "utf-16-le"),
        (FRENCH, "utf-16-be", "utf-16-be"),
        (RUSSIAN, "utf-16-le", "utf-16-le"),
        (FRENCH, "latin-1", "cp1252"),
        (GERMAN, "cp1252", "cp1252"),
        (RUSSIAN, "cp1251", "cp1251"),
        (CHINESE, "gb18030", "gb18030"),
        (JAPANESE, "shift_jis", "cp932"),
        (JAPANESE + "u3,i3,①番～,978300762\n", "cp932", "cp932"),
        (JAPANESE, "euc_jp", "euc_jp"),
        (KOREAN, "euc_kr", "euc_kr"),
        (TAIWANESE, "big5", "big5"),
    ],
)
def test_the_encoding_is_guessed(text: str, written: str, guessed: str, times: int) -> None:
    raw = (text * times).encode(written)
    assert guess_encoding(raw) == guessed
    assert decode(raw, guessed) == text * times


@pytest.mark.parametrize("title", ["Misérables, Les", "El Niño", "café", "Å", "Señorita María"])
def test_one_accent_is_western(title: str) -> None:
    raw = (HEADER + f"u1,i1,{title},978300760\n").encode("latin-1")
    assert decode(raw, guess_encoding(raw)) == HEADER + f"u1,i1,{title},978300760\n"


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf_16_with_a_mark(order: str) -> None:
    mark = codecs.BOM_UTF16_LE if order == "le" else codecs.BOM_UTF16_BE
    raw = mark + CHINESE.encode(f"utf-16-{order}")
    assert decode(raw, guess_encoding(raw)) == CHINESE


def test_a_letter_cut_off_at_the_end_is_left_out() -> None:
    raw = FRENCH.encode()
    cut = raw[: raw.index("û".encode()) + 1]
    assert guess_encoding(cut) == "utf-8"
    assert decode(cut, "utf-8") == HEADER + "u1,i1,Crème br"


def test_a_damaged_line_does_not_make_it_another_encoding() -> None:
    assert guess_encoding(FRENCH.encode() * 20 + b"u3,i3,Cr\xe8me,978300762\n") == "utf-8"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1"])
def test_a_file_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(FRENCH.encode(encoding))
    info = detect(path)
    assert info.columns == ("user", "item", "title", "time")
    assert info.sample["title"].tolist() == ["Crème brûlée", "Plain"]


@pytest.mark.parametrize(
    ("raw", "packed"),
    [
        (FRENCH.encode("utf-16"), None),
        (gzip.compress(FRENCH.encode("utf-16"), mtime=0), "gzip"),
        (pa.compress(FRENCH.encode("utf-16"), "zstd", asbytes=True), "zstd"),
    ],
)
def test_a_text_is_written_in_utf_8(tmp_path: Path, raw: bytes, packed: str | None) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(raw)
    assert packing(path) == packed
    with open_bytes(path) as file:
        assert file.read(2) == codecs.BOM_UTF16
    write_utf8(path, "utf-16", tmp_path / "plain.csv")
    assert (tmp_path / "plain.csv").read_bytes() == FRENCH.encode()


def test_bytes_that_are_no_text_become_a_byte_that_utf_8_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes("é".encode("cp1252") + b"\x81\n")
    write_utf8(path, "cp1252", tmp_path / "plain.csv")
    assert (tmp_path / "plain.csv").read_bytes() == "é".encode() + b"\xff\n"
