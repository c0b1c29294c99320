import gzip
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.clean_log import CleanLog
from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.formats import detect
from recsys_core.logs.importing import read_interactions
from recsys_core.logs.parsing import LogFile, Repeats
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.logs.reading import Reading
from recsys_core.logs.roles import REQUIRED, settle_roles

UNTIL = datetime(2020, 1, 1, tzinfo=UTC)


def clean(
    folder: Path,
    *contents: str | bytes,
    keyed: Pseudonyms | None = None,
    rules: EventRules | None = None,
    reading: Reading | None = None,
    **roles: str,
) -> CleanLog:
    logs = []
    for number, content in enumerate(contents):
        path = folder / f"log{number}.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        info = detect(path, reading)
        logs.append(LogFile(info, settle_roles(path.name, info.columns, info.guess, roles, REQUIRED), "tea"))
    work = folder / "work"
    work.mkdir()
    return read_interactions(logs, work, keyed, rules, until=UNTIL)


def rows(log: CleanLog) -> list[tuple[object, ...]]:
    frame = pd.read_parquet(log.path)
    assert list(frame.columns) == ["user_id", "item_id", "domain", "timestamp", "event", "weight"]
    return list(frame.assign(timestamp=frame["timestamp"].astype("str")).itertuples(index=False, name=None))


def bad(log: CleanLog) -> list[tuple[object, ...]]:
    frame = log.bad.drop(columns=["file", "text"]).astype(object)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.to_numpy()]


def test_rows_are_typed_and_ids_stay_text(tmp_path: Path) -> None:
    log = clean(tmp_path, "user,item,time\n007,1e5,1370044800\n 8 ,\tx\u00a0,1370044801\n")
    assert rows(log) == [
        ("007", "1e5", "tea", "2013-06-01 00:00:00+00:00", "interaction", 1.0),
        ("8", "x", "tea", "2013-06-01 00:00:01+00:00", "interaction", 1.0),
    ]
    assert (log.n_read, log.n_kept, log.n_bad, log.quarantine) == (2, 2, 0, None)
    assert {file: times.unit for file, times in log.times.items()} == {"log0.csv": "unix seconds"}


def test_event_weight_and_domain_columns(tmp_path: Path) -> None:
    log = clean(
        tmp_path, "user,item,time,domain,event,weight\na,x,2013-06-01,films,buy,2.5\nb,y,2013-06-01,books,,\n"
    )
    assert [row[2:3] + row[4:] for row in rows(log)] == [("films", "buy", 2.5), ("books", "interaction", 1.0)]


def test_bad_rows_are_set_aside_with_line_column_value_and_reason(tmp_path: Path) -> None:
    log = clean(
        tmp_path,
        "user,item,time,weight\n"
        "a,x,2013-06-01,1\n"
        ",x,2013-06-01,1\n"
        "b,nan,2013-06-01,1\n"
        "c,x\n"
        "d,x,,1\n"
        "e,x,soon,1\n"
        "f,x,1975-01-01,1\n"
        "g,x,2030-01-01,1\n"
        "h,x,2013-06-01,-1\n"
        "i,x,2013-06-01,inf\n"
        "j,x,2013-06-01,many\n"
        "k,x,2013-06-01,1,2\n"
        "l,x,2013-06-01,1\n",
    )
    assert [row[0] for row in rows(log)] == ["a", "l"]
    assert bad(log) == [
        (3, "user", None, "no user id"),
        (4, "item", None, "no item id"),
        (5, None, None, "too few columns"),
        (6, "time", None, "no time"),
        (7, "time", "soon", "not a time"),
        (8, "time", "1975-01-01", "before 1990 or in the future"),
        (9, "time", "2030-01-01", "before 1990 or in the future"),
        (10, "weight", "-1", "not a number of at least 0"),
        (11, "weight", "inf", "not a number of at least 0"),
        (12, "weight", "many", "not a number of at least 0"),
        (13, None, None, "too many columns"),
    ]
    assert log.bad["text"].tolist()[2:5] == ["c,x", "d,x,,1", "e,x,soon,1"]
    assert (log.n_read, log.n_kept, log.n_bad) == (13, 2, 11)
    assert log.quarantine is not None
    assert len(pd.read_parquet(log.quarantine)) == 11


def test_exact_repeats_are_dropped_and_counted(tmp_path: Path) -> None:
    first = "user,item,time,order\na,x,2013-06-01,1\na,x,2013-06-01,1\na,x,2013-06-01,2\n"
    log = clean(tmp_path, first, "user,item,time,order\nb,y,2013-06-01,3\na,x,2013-06-01,1\n")
    assert [row[:2] for row in rows(log)] == [("a", "x"), ("a", "x"), ("b", "y")]
    assert (log.n_read, log.n_kept, log.n_repeats) == (5, 3, 2)


@pytest.mark.parametrize(
    ("repeats", "kept"),
    [
        (Repeats.LINES, ["1", "2", "3", "4", "5"]),
        (Repeats.MOMENTS, ["1", "3", "4"]),
        (Repeats.PAIRS, ["1"]),
        (Repeats.KEEP, ["1", "1", "2", "3", "4", "5"]),
    ],
)
def test_what_a_repeat_is_can_be_chosen(tmp_path: Path, repeats: Repeats, kept: list[str]) -> None:
    log = clean(
        tmp_path,
        "user,item,time,event,session\n"
        "a,x,2013-06-01,view,1\na,x,2013-06-01,view,1\na,x,2013-06-01,view,2\n"
        "a,x,2013-06-01,buy,3\na,x,2013-06-02,view,4\n a,x ,2013-06-01,view,5\n",
        rules=EventRules(repeats=repeats),
    )
    assert pd.read_parquet(log.path)["session_id"].tolist() == kept
    assert log.n_kept + log.n_repeats == log.n_read == 6


def test_rules_for_events_are_counted(tmp_path: Path) -> None:
    head, day = "user,item,time,event,rating\n", "2013-06-01"
    content = f"{head}a,x,{day},view,\nb,x,{day},buy,2\nc,x,{day},buy,5\nd,x,{day},return,5\n"
    log = clean(tmp_path, content, rules=EventRules({"view": 0.5, "return": 0}, min_weight=1))
    assert [row[4:] for row in rows(log)] == [("view", 0.5), ("buy", 2.0), ("buy", 5.0)]
    assert (log.events, log.n_left_out) == ({"buy": 2, "view": 1, "return": 1}, 1)


def test_sessions_are_kept_where_a_log_has_them(tmp_path: Path) -> None:
    log = clean(
        tmp_path, "user,item,time,session_id\na,x,2013-06-01,s1\n", "user,item,time\nb,x,2013-06-01\n"
    )
    frame = pd.read_parquet(log.path)
    assert frame["session_id"].isna().tolist() == [False, True]
    assert frame["session_id"].tolist()[0] == "s1"


def test_times_without_a_zone_are_of_the_one_that_is_named(tmp_path: Path) -> None:
    content = "user,item,time\na,x,2013-06-01 10:00\nb,x,2013-12-01 10:00\nc,x,2013-06-01T10:00:00Z\n"
    log = clean(tmp_path, content, reading=Reading.parse(zone="Europe/Paris"))
    assert [row[3] for row in rows(log)] == [
        "2013-06-01 08:00:00+00:00",
        "2013-12-01 09:00:00+00:00",
        "2013-06-01 10:00:00+00:00",
    ]


def test_quoted_commas_and_line_breaks(tmp_path: Path) -> None:
    log = clean(tmp_path, 'user,item,time,note\n"a, b",x,2013-06-01,"one\ntwo"\nc,y,2013-06-02,""\n')
    assert [row[0] for row in rows(log)] == ["a, b", "c"]


def test_json_lines(tmp_path: Path) -> None:
    log = clean(
        tmp_path,
        '{"reviewerID": "A", "asin": "007", "unixReviewTime": 1370044800}\nnot json\n'
        '{"reviewerID": "B", "asin": 8, "unixReviewTime": 1370044800}\n',
    )
    assert [row[:2] for row in rows(log)] == [("A", "007"), ("B", "8")]
    assert bad(log) == [(2, None, None, "not a JSON object")]


def test_gzip_and_other_encodings(tmp_path: Path) -> None:
    text = "user,item,time\nJosé,é,2013-06-01\n"
    log = clean(
        tmp_path, gzip.compress(text.encode(), mtime=0), text.encode("latin-1"), text.encode("utf-16")
    )
    assert rows(log)[0][:2] == ("José", "é")
    assert {row[:2] for row in rows(log)} == {("José", "é")}


def test_wildcards_in_a_file_name_are_letters(tmp_path: Path) -> None:
    path = tmp_path / "log[1]*.csv"
    path.write_text("user,item,time\na,x,2013-06-01\n")
    info = detect(path)
    roles = settle_roles(path.name, info.columns, info.guess, {}, REQUIRED)
    log = read_interactions([LogFile(info, roles, "tea")], tmp_path)
    assert [row[:3] for row in rows(log)] == [("a", "x", "tea")]


def test_quotation_marks_in_column_names_are_letters(tmp_path: Path) -> None:
    log = clean(tmp_path, 'it\'s,"the ""item""",time\na,x,2013-06-01\n', user="it's", item='the "item"')
    assert [row[:2] for row in rows(log)] == [("a", "x")]


def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    lines = "".join(f'u{i},"x{i}",2013-06-01\n' for i in range(5000))
    with pytest.raises(InputError, match="quotation mark that is never closed, near line 5002"):
        clean(tmp_path, f'user,item,time\n{lines}a,"x,2013-06-01\n{lines.replace(chr(34), "")}')


def test_a_gzip_cut_off_late_is_refused(tmp_path: Path) -> None:
    lines = "".join(f"u{i},x{i * 7919 % 10007},{1370044800 + i * 31}\n" for i in range(60000))
    with pytest.raises(InputError, match="damaged or cut-off gzip file"):
        clean(tmp_path, gzip.compress(f"user,item,time\n{lines}".encode(), mtime=0)[:-2000])


def test_too_many_bad_rows_stop_with_a_summary(tmp_path: Path) -> None:
    log = clean(tmp_path, "user,item,time\na,x,2013-06-01\nb,x,2013-06-01\n,x,2013-06-01\n")
    log.check(0.5)
    with pytest.raises(InputError) as caught:
        log.check(0.05)
    assert str(caught.value) == (
        "1 of 3 rows (33.3%) cannot be used: 1 no user id. "
        "For example line 4 of log0.csv (user: no user id). "
        "Nothing was saved. Check which columns were mapped, mend the file, or allow more than 5% bad rows."
    )


def test_pseudonyms_replace_user_ids_everywhere(tmp_path: Path) -> None:
    pseudonyms = Pseudonyms(b"k" * 32)
    log = clean(tmp_path, "user,item,time\nann,x,2013-06-01\nann,y,2013-06-01\nbob,x\n", keyed=pseudonyms)
    assert [row[:2] for row in rows(log)] == [(pseudonyms.of("ann"), "x"), (pseudonyms.of("ann"), "y")]
    assert bad(log) == [(4, None, None, "too few columns")]  # the line itself would name bob
