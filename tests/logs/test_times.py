import duckdb
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.reading import Reading
from recsys_core.logs.times import infer_reading, read_times


@pytest.mark.parametrize(
    ("text", "unit", "moment"),
    [
        ("1370044800", "unix seconds", "2013-06-01 00:00:00+00"),
        ("1370044800.0", "unix seconds", "2013-06-01 00:00:00+00"),
        ("1370044800123", "unix milliseconds", "2013-06-01 00:00:00.123+00"),
        ("1370044800123456", "unix microseconds", "2013-06-01 00:00:00.123456+00"),
        ("1370044800123456789", "unix nanoseconds", "2013-06-01 00:00:00.123456+00"),
        ("2013-06-01", "ISO 8601", "2013-06-01 00:00:00+00"),
        ("2013-06-01T02:30:00+02:00", "ISO 8601", "2013-06-01 00:30:00+00"),
        ("2013-06-01T00:30:00Z", "ISO 8601", "2013-06-01 00:30:00+00"),
        ("20130601", "dates like 20240131", "2013-06-01 00:00:00+00"),
        ("13/06/2013", "dates like 31/01/2024, day-first", "2013-06-13 00:00:00+00"),
        ("09 13, 2009", "dates like 01 31, 2024", "2009-09-13 00:00:00+00"),
    ],
)
def test_times_are_read_in_utc(text: str, unit: str, moment: str) -> None:
    reading = read_times("log.csv", "when", [text])
    assert reading.unit == unit
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        query = f"SELECT ({reading.sql.format(value='$cell')})::VARCHAR"
        assert connection.execute(query, {"cell": text}).fetchall() == [(moment,)]


def test_half_of_the_values_must_be_readable() -> None:
    assert infer_reading(["2013-06-01", "never", ""]) is not None
    assert infer_reading(["2013-06-01", "never", "soon"]) is None
    assert infer_reading(["", " "]) is None


def test_no_time_can_be_read() -> None:
    with pytest.raises(InputError, match=r"No time can be read from the column 'when' of log\.csv: 'a'"):
        read_times("log.csv", "when", ["a", "b"])


def test_day_and_month_must_differ_somewhere() -> None:
    day_first, month_first = ["01/02/2013", "13/02/2013"], ["01/02/2013", "02/13/2013"]
    assert read_times("log.csv", "when", day_first).unit == "dates like 31/01/2024, day-first"
    assert read_times("log.csv", "when", month_first).unit == "dates like 01/31/2024, month-first"
    with pytest.raises(InputError, match=r"cannot be told apart.* Say day-first or month-first"):
        read_times("log.csv", "when", ["01/02/2013"])


def test_people_can_say_which_comes_first() -> None:
    assert read_times("log.csv", "when", ["01/02/2013"], Reading.parse(dates="day-first")).unit.endswith(
        "day-first"
    )


@pytest.mark.parametrize(
    ("text", "zone", "assumed"),
    [
        ("2013-06-01T10:00:00", "UTC", True),
        ("2013-06-01", "UTC", True),
        ("2013-06-01T10:00:00Z", "UTC", False),
        ("2013-06-01T10:00:00+02:00", "UTC", False),
        ("2013-06-01 10:00:00 UTC", "UTC", False),
        ("1370044800", "UTC", False),
    ],
)
def test_times_that_name_no_zone_are_told(text: str, zone: str, assumed: bool) -> None:
    reading = read_times("log.csv", "when", [text])
    assert (reading.zone, reading.assumed) == (zone, assumed)


def test_people_can_say_the_zone_and_the_unit() -> None:
    reading = read_times("log.csv", "when", ["2013-06-01 10:00"], Reading.parse(zone="Asia/Tokyo"))
    assert (reading.zone, reading.assumed) == ("Asia/Tokyo", False)
    assert read_times("log.csv", "when", ["1370044800"], Reading.parse(unit="seconds")).unit == "unix seconds"


def test_two_units_in_one_column_are_refused() -> None:
    with pytest.raises(InputError, match=r"mixes seconds and milliseconds: '1370044800' and '1370044800000'"):
        read_times("log.csv", "when", ["1370044800", "1370044800000"])
