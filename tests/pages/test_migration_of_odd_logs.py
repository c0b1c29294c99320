"""Logs that leave little to say: the page says so in a sentence and draws nothing empty."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import MIGRATION
from recsys_core.logs.windows import WindowSize
from recsys_core.migration.measuring import measure_migration
from recsys_core.workspace.workspace import Workspace
from tests.migration.conftest import Worlds

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]

WORLDS = Worlds()
PEOPLE = [f"u{i:02d}" for i in range(12)]
LOGS = {
    "a window without users": [
        (user, f"2013-{month}-10", i % 5, 0) for i, user in enumerate(PEOPLE) for month in ("01", "03")
    ],
    "one event each": [(f"u{i:02d}", f"2013-0{1 + i % 3}-10", i % 5, 0) for i in range(36)],
    "a single interest": [(user, f"2013-0{month}-01", 0, 0) for user in PEOPLE for month in (1, 2, 3)],
    "two users": WORLDS.random(0, n_users=2, events=40),
    "fifty years": [
        (user, f"{year}-06-0{1 + k}", (i + k) % 5, 0)
        for i, user in enumerate(PEOPLE)
        for year in range(1971, 2021)
        for k in range(2)
    ],
    "half a last window": [
        *WORLDS.random(1, n_users=15, months=3, move=2),
        *((user, "2013-04-02", 1, 0) for user in PEOPLE),
    ],
}
SAID = {
    "a window without users": (
        "Nobody was active in two windows in a row, so there is no movement to show.",
        "No two windows in a row have 10 people to compare.",
        "From 2013-01 to 2013-03 no interest rose or faded beyond its 95 % interval.",
    ),
    "one event each": (
        "Too few users came back in the next window to tell movement from chance.",
        "Nobody has the 10 events or more",
        "0 of them in both.",
    ),
    "a single interest": (
        "100 % of what people held stayed where it was; by chance it would be 100 %.",
        "The largest difference is 0 % of what is possible",
    ),
    "two users": (
        "No interest was held by 10 people or more who were active in both windows, so nothing is shown.",
        "Nothing to draw: no window has 10 people for these interests.",
        "Fewer than two windows have 10 people, so shares cannot be compared.",
        "No two windows in a row have 10 people to compare.",
        "Of 2 people with enough events, nobody changed beyond their own chance.",
    ),
    "fifty years": ("From 1972 to 2019 no interest rose or faded beyond its 95 % interval.",),
    "half a last window": (
        "From 2013-01 to 2013-03 no interest rose",
        "2013-04 is only partly covered by the log.",
    ),
}


@pytest.fixture
def measured(ws: Workspace) -> Callable[..., None]:
    """Saves a log and its interests, and its migration where it can be measured."""

    def save(rows: list, size: str, *, measure: bool = True) -> None:
        made = WORLDS.dataset(rows)
        log = pd.DataFrame(
            {
                "user_id": made.user_ids[made.user],
                "item_id": made.items["item_id"].to_numpy()[made.item],
                "domain": "shop",
                "timestamp": pd.to_datetime(made.time, unit="s", utc=True),
                "event": "",
                "weight": made.weight,
            }
        )
        items = made.items[["item_id", "domain", "title", "text"]]
        where = ws.save_dataset("odd", log, items, {}).name, 1, None
        interests = WORLDS.interests(made)
        ws.save_result("interests", *where, interests.parts())
        if measure:
            rng = np.random.default_rng(0)
            found = measure_migration(
                made, interests, WORLDS.vectors(made), 0, WindowSize(size), rng, shuffles=20
            )
            ws.save_result("migration", *where, found.parts(), f"{size}-0")

    return save


@pytest.mark.parametrize("log", LOGS)
def test_little_to_say_is_said(
    log: str, measured: Callable[..., None], open_page: Open, text_of: Text
) -> None:
    size = "year" if log == "fifty years" else "month"
    measured(LOGS[log], size)
    at = open_page(MIGRATION, by=size)
    text = text_of(at)
    for sentence in SAID[log]:
        assert sentence in text
    assert all(len(frame.value) for frame in at.dataframe)


@pytest.mark.parametrize("last", ["2013-01-05", "2013-01-25"])
def test_one_window_is_a_sentence(
    last: str, measured: Callable[..., None], open_page: Open, text_of: Text
) -> None:
    """Also where everything happened at the same moment."""
    rows = [(user, day, i % 5, 0) for i, user in enumerate(PEOPLE) for day in ("2013-01-05", last)]
    measured(rows, "month", measure=False)
    at = open_page(MIGRATION, by="month")
    assert "All events lie in one month, 2013-01, and movement needs at least two." in text_of(at)
    assert not at.button
