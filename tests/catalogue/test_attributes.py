import numpy as np
import pandas as pd

from recsys_core.catalogue.attributes import Holds, attributes_of, days_in, numbers_in


def test_each_attribute_is_told_by_what_it_holds() -> None:
    n = 40
    items = pd.DataFrame(
        {
            "item_id": [str(i) for i in range(n)],
            "domain": "shop",
            "title": "t",
            "text": "t",
            "price": [str(i / 2) for i in range(n - 1)] + [""],
            "released": [f"2023-01-{1 + i % 28:02}" for i in range(n)],
            "year": [str(1980 + i) for i in range(n)],
            "maker": ["Anna", "Ben"] * (n // 2),
            "stars": [1, 2] * (n // 2),
            "description": [f"a text of its own, {i}" for i in range(n)],
            "image": [f"https://example.org/{i % 2}.png" for i in range(n)],
            "same": "x",
            "empty": None,
        }
    )
    assert attributes_of(items) == {
        "price": Holds.NUMBERS,
        "released": Holds.DATES,
        "year": Holds.DATES,
        "maker": Holds.KINDS,
        "stars": Holds.KINDS,
    }


def test_what_cannot_be_read_is_unknown() -> None:
    assert np.array_equal(numbers_in(pd.Series(["1.5", "?", None])), [1.5, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(
        days_in(pd.Series(["1970-01-02", "1971", "soon", None])), [1, 365, np.nan, np.nan], equal_nan=True
    )
    times = pd.Series(pd.to_datetime(["1970-01-03T12:00Z"], utc=True))
    assert days_in(times).tolist() == [2.5]
