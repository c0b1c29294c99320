"""Times that cannot be read, or only in more than one way."""

from pathlib import Path

import pytest

from recsys_core.logs.reading import Reading
from recsys_core.workspace.workspace import Workspace
from tests.workspace.bad_files import imported, notes, refused, set_aside, stored, text, with_last, write

RANGE = "before 1990 or in the future"
SLASHED = [f"u{n % 40},i{n},0{1 + n % 9}/0{1 + n % 8}/2013" for n in range(400)]


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (
            ["soon"],
            "No time can be read from the column 'time' of log.csv: 'soon', 'soon', 'soon'. Map time to",
        ),
        (
            [""],
            "The column 'time' of log.csv holds no time in its first rows: all are empty. Map",
        ),
        (
            ["17", "18"],
            "No time can be read from the column 'time' of log.csv: '17', '18', '17'. Map time to a",
        ),
        (
            ["1600000000", "1600000000000"],
            "The column 'time' of log.csv mixes seconds and milliseconds: '1600000000' and '1600000000000'",
        ),
        (
            ["01/02/2013", "03/04/2013"],
            "Day and month cannot be told apart in the column 'time' of log.csv: '01/02/2013', '03/04/2013',",
        ),
    ],
)
def test_times_that_cannot_be_understood(
    ws: Workspace, tmp_path: Path, times: list[str], message: str
) -> None:
    path = write(tmp_path / "log.csv", text(f"u{n},i{n},{times[n % len(times)]}" for n in range(60)))
    assert refused(ws, path).startswith(message)


def test_a_few_times_in_another_unit(ws: Workspace, tmp_path: Path) -> None:
    seconds = [f"u{n % 40},i{n},{1600000000 + n}" for n in range(400)]
    path = write(tmp_path / "log.csv", text([*seconds, "u1,x,1600000001000", "u1,x,1600000001000000"]))
    assert set_aside(imported(ws, path)) == [
        (402, "time", "1600000001000", "in another unit than the rest", "u1,x,1600000001000"),
        (403, "time", "1600000001000000", "in another unit than the rest", "u1,x,1600000001000000"),
    ]


def test_day_and_month(ws: Workspace, tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", text(SLASHED))
    assert refused(ws, path).endswith("Say day-first or month-first, or write dates as YYYY-MM-DD.")
    both = text([*SLASHED, "u1,x,25/03/2013", "u1,x,03/25/2013"])
    assert "Day and month cannot be told apart" in refused(ws, write(tmp_path / "both.csv", both))
    told = imported(ws, path, reading=Reading.parse(dates="month-first"))
    assert str(stored(told)["timestamp"].iloc[1]) == "2013-02-02 00:00:00+00:00"
    later = imported(ws, write(path, text([*SLASHED, "u1,x,25/03/2013"])))
    assert notes(later, "times") == ["The times of log.csv were read as dates like 31/01/2024, day-first."]


def test_dates_out_of_range(ws: Workspace, tmp_path: Path) -> None:
    out = ["1989-12-31", "0001-01-01", "9999-12-31", "infinity", "-infinity", "294247-01-10"]
    no = ["2013-02-30", "2013-13-01", "now", "25:00"]
    lines = [f"u1,x{n},{moment}" for n, moment in enumerate([*out, *no, "1990-01-01"])]
    assert [row[:4] for row in set_aside(imported(ws, write(tmp_path / "log.csv", with_last(*lines))))] == [
        *((402 + n, "time", moment, RANGE) for n, moment in enumerate(out)),
        *((408 + n, "time", moment, "not a time") for n, moment in enumerate(no)),
    ]


def test_numbers_out_of_range(ws: Workspace, tmp_path: Path) -> None:
    out = ["0", "-5", "9000000000"]
    no = ["NaN", "inf", "99999999999999999999999", "9223372036854775807", "-9223372036854775808"]
    good = ["1370000000.5", "1.37e9", " 1370000001 "]
    seconds = [f"u{n % 40},i{n},{1370000000 + n}" for n in range(400)]
    odd = [f"u1,x{n},{moment}" for n, moment in enumerate([*out, *no, *good])]
    report = imported(ws, write(tmp_path / "log.csv", text([*seconds, *odd])))
    assert [row[2:4] for row in set_aside(report)] == [
        *((moment, RANGE) for moment in out),
        *((moment, "not a time") for moment in no),
    ]
    assert [str(moment) for moment in stored(report)["timestamp"].tail(3)] == [
        "2013-05-31 11:33:20.500000+00:00",
        "2013-05-31 11:33:20+00:00",
        "2013-05-31 11:33:21+00:00",
    ]
