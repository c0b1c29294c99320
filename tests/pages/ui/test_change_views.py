import numpy as np
import pandas as pd
import pytest

from pages.ui.change_views import titles_sentence
from recsys_core.migration.changed_titles import ChangedTitles

TITLES = np.array(["Matcha", "Sencha", "Chai*", "Cup"], object)


def found(gained: list[float], first: list[str | None]) -> ChangedTitles:
    moments = pd.Series(pd.to_datetime(first, utc=True))
    return ChangedTitles(pd.DataFrame({"gained": gained, "first_seen": moments}), ("a",), ("b",))


@pytest.mark.parametrize(
    ("gained", "first", "rising", "says"),
    [
        (
            [60.0, 30.0, 10.0, -90.0],
            ["2013-04-09", None, None, None],
            True,
            "Since 2013-Q2, 60 % of the events that its titles gained are on *Matcha*, first taken in April "
            "2013; then 30 % on *Sencha* and 10 % on *Chai\\**. 1 title is new since then, with 60 % of what "
            "was gained.",
        ),
        (
            [60.0, 30.0, 10.0, -90.0],
            [None, None, None, None],
            False,
            "Since 2013-Q2, 100 % of the events that its titles lost were on *Cup*.",
        ),
        (
            [5.0, -1.0, -1.0, -1.0],
            [None, None, None, None],
            True,
            "Since 2013-Q2, 100 % of the events that its titles gained are on *Matcha*. None of these titles "
            "is new.",
        ),
        (
            [-1.0, -1.0, 0.0, 0.0],
            [None, None, None, None],
            True,
            "Since 2013-Q2, no title of 10 people or more gained events.",
        ),
    ],
)
def test_what_titles_make_of_a_change_in_a_sentence(
    gained: list[float], first: list[str | None], rising: bool, says: str
) -> None:
    assert titles_sentence(found(gained, first), TITLES, "2013-Q2", rising=rising) == says
