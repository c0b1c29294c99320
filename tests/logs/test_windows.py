import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.windows import WindowSize, parse_size, window_index, windows_between


def seconds(text: str) -> int:
    return int(pd.Timestamp(text, tz="UTC").timestamp())


def test_quarters_have_no_gap_and_are_named_by_year_and_number():
    windows = windows_between(seconds("2012-12-31"), seconds("2013-07-01"), WindowSize.QUARTER)
    assert [w.id for w in windows] == ["2012-Q4", "2013-Q1", "2013-Q2", "2013-Q3"]
    assert windows[1].start == pd.Timestamp("2013-01-01", tz="UTC")
    assert windows[1].end == pd.Timestamp("2013-04-01", tz="UTC")


def test_windows_that_the_log_covers_in_part_are_partial():
    windows = windows_between(seconds("2013-01-02"), seconds("2013-08-15"), WindowSize.QUARTER)
    assert [(w.id, w.partial) for w in windows] == [
        ("2013-Q1", False),
        ("2013-Q2", False),
        ("2013-Q3", True),
    ]
    late_start = windows_between(seconds("2013-02-20"), seconds("2013-06-30"), WindowSize.QUARTER)
    assert [w.partial for w in late_start] == [True, False]


@pytest.mark.parametrize(
    ("size", "ids"),
    [(WindowSize.MONTH, ["1969-12", "1970-01"]), (WindowSize.YEAR, ["1969", "1970"])],
)
def test_months_and_years_before_1970(size, ids):
    assert [w.id for w in windows_between(-10, 10, size)] == ids


def test_one_instant_is_one_partial_window():
    (window,) = windows_between(0, 0, WindowSize.MONTH)
    assert (window.id, window.partial) == ("1970-01", True)


def test_fifty_years_of_months():
    windows = windows_between(seconds("1970-01-01"), seconds("2019-12-31"), WindowSize.MONTH)
    assert (len(windows), windows[-1].id) == (600, "2019-12")


def test_index_takes_starts_in_and_ends_out():
    windows = windows_between(seconds("2013-01-01"), seconds("2013-02-28"), WindowSize.MONTH)
    times = [seconds("2012-12-31"), seconds("2013-01-01"), seconds("2013-02-01") - 1]
    times += [seconds("2013-02-01"), seconds("2013-03-01") - 1, seconds("2013-03-01")]
    assert window_index(np.array(times), windows).tolist() == [-1, 0, 0, 1, 1, -1]
    assert window_index(np.array(times), ()).tolist() == [-1] * 6


def test_backward_range_and_unknown_size_are_told_plainly():
    with pytest.raises(InputError, match="before the first"):
        windows_between(10, 0, WindowSize.MONTH)
    assert parse_size("year") is WindowSize.YEAR
    with pytest.raises(InputError, match="month, quarter, year"):
        parse_size("week")
