import duckdb
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.times import infer_reading, read_times


@pytest.mark.parametrize(
    ("text", "unit", "moment"),
    [
        ("1370044800", "unix seconds", "2013-06-01 00:00:00"),
        ("1370044800.0", "unix seconds", "2013-06-01 00:00:00"),
        ("1370044800123", "unix milliseconds", "2013-06-01 00:00:00.123"),
        ("1370044800123456", "unix microseconds", "2013-06-01 00:00:00.123456"),
        ("1370044800123456789", "unix nanoseconds", "2013-06-01 00:00:00.123456"),
        ("2013-06-01", "ISO 8601", "2013-06-01 00:00:00"),
        ("2013-06-01T02:30:00+02:00", "ISO 8601", "2013-06-01 00:30:00"),
        ("2013-06-01T00:30:00Z", "ISO 8601", "2013-06-01 00:30:00"),
        ("20130601", "dates like %Y%m%d", "2013-06-01 00:00:00"),
        ("13/06/2013", "dates like %d/%m/%Y", "2013-06-13 00:00:00"),
        ("09 13, 2009", "dates like %m %d, %Y", "2009-09-13 00:00:00"),
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
    assert read_times("log.csv", "when", ["01/02/2013", "13/02/2013"]).unit == "dates like %d/%m/%Y"
    assert read_times("log.csv", "when", ["01/02/2013", "02/13/2013"]).unit == "dates like %m/%d/%Y"
    with pytest.raises(InputError, match="Day and month cannot be told apart"):
        read_times("log.csv", "when", ["01/02/2013"])
