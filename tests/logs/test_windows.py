import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.logs.windows import Window, WindowSize, window_index, windows_between


def seconds(text: str) -> int:
    return int(pd.Timestamp(text, tz="UTC").timestamp())


def test_quarters_from_first_to_last_event() -> None:
    windows = windows_between(seconds("2013-01-02"), seconds("2013-09-29"), WindowSize.QUARTER)
    assert [window.id for window in windows] == ["2013-Q1", "2013-Q2", "2013-Q3"]
    assert windows[1] == Window(
        "2013-Q2", pd.Timestamp("2013-04-01", tz="UTC"), pd.Timestamp("2013-07-01", tz="UTC"), False
    )
    assert [window.partial for window in windows] == [False, False, False]


def test_windows_that_the_log_covers_too_little_are_partial() -> None:
    windows = windows_between(seconds("2013-01-20"), seconds("2013-03-15"), WindowSize.MONTH)
    assert [(window.id, window.partial) for window in windows] == [
        ("2013-01", True),
        ("2013-02", False),
        ("2013-03", True),
    ]


def test_a_single_event_gives_one_partial_window() -> None:
    (window,) = windows_between(seconds("2013-06-01"), seconds("2013-06-01"), WindowSize.YEAR)
    assert (window.id, window.partial, window.end) == ("2013", True, pd.Timestamp("2014-01-01", tz="UTC"))


def test_an_event_on_the_border_belongs_to_the_later_window() -> None:
    windows = windows_between(seconds("2013-01-01"), seconds("2013-12-31"), WindowSize.QUARTER)
    times = np.array(
        [seconds("2013-03-31 23:59:59"), seconds("2013-04-01"), seconds("2014-01-01"), seconds("2012-12-31")]
    )
    assert window_index(times, windows).tolist() == [0, 1, -1, -1]


def test_a_gap_between_windows_belongs_to_none() -> None:
    first, _, third = windows_between(seconds("2013-01-01"), seconds("2013-03-31"), WindowSize.MONTH)
    assert window_index(np.array([seconds("2013-02-10")]), (first, third)).tolist() == [-1]


def test_no_windows_hold_nothing() -> None:
    assert window_index(np.array([5]), ()).tolist() == [-1]


def test_the_last_event_cannot_be_before_the_first() -> None:
    with pytest.raises(ValueError, match="before the first"):
        windows_between(2, 1, WindowSize.MONTH)


def test_size_by_name() -> None:
    assert WindowSize.parse(" Quarter ") is WindowSize.QUARTER
    with pytest.raises(
        InputError, match=r"'week' is not a size of window\. Take one of: month, quarter, year\."
    ):
        WindowSize.parse("week")
