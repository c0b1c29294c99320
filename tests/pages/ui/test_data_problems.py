import pandas as pd

from pages.ui.data_problems import problems_of, problems_title

PROBLEMS = [
    {"kind": "odd_times", "about": "tea.csv", "count": 3, "text": "3 events lie at midnight."},
    {"kind": "same_user", "about": "pots", "count": 90, "text": "One user has 90 events on one day."},
    "not a problem",
]


def test_problems_come_with_the_largest_first() -> None:
    assert problems_of({"problems": PROBLEMS}).to_numpy().tolist() == [
        ["pots", "Same user", 90, "One user has 90 events on one day."],
        ["tea.csv", "Odd times", 3, "3 events lie at midnight."],
    ]


def test_a_manifest_of_before_has_none() -> None:
    assert problems_of({}).empty
    assert problems_title(pd.DataFrame(), {}) == "Nothing was found at import"


def test_the_title_counts() -> None:
    found = problems_of({"problems": PROBLEMS})

    assert problems_title(found, {"read": 1204, "bad": 12}) == (
        "Found at import: 2 problems and 12 of 1,204 rows set aside"
    )
    assert problems_title(found.head(1), {}) == "Found at import: 1 problem"
