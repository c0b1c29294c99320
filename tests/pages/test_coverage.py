from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.coverage_charts import events_table
from pages.ui.places import COVERAGE

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.mark.usefixtures("ws")
def test_without_data_it_says_how_to_get_some(open_page: Open, text_of: Text) -> None:
    at = open_page(COVERAGE)

    assert "Nothing to show yet" in text_of(at)
    assert [button.label for button in at.main.button] == ["Load the demo"]


@pytest.mark.usefixtures("shop")
def test_it_says_which_domains_share_enough(open_page: Open, text_of: Text) -> None:
    text = text_of(open_page(COVERAGE))

    assert "No two domains share enough users; food and kitchen have only 55." in text
    assert "food and kitchen share the most users" in text
    assert "100 % of users have fewer than 5 events" in text
    assert "The busiest month was March 2024, with 115 events" in text


@pytest.mark.usefixtures("shop")
def test_each_domain_has_a_row(open_page: Open) -> None:
    table = open_page(COVERAGE).dataframe[0].value

    assert table.to_numpy().tolist() == [
        ["food", 60, 5, 180, 3, 100.0],
        ["kitchen", 55, 4, 55, 1, 100.0],
    ]


@pytest.mark.parametrize(
    ("events", "row"), [(1, "1"), (2, "2"), (4, "3 to 4"), (99, "50 to 99"), (100, "100 or more")]
)
def test_users_fall_into_the_right_bar(events: int, row: str) -> None:
    table = events_table(np.array([events])).set_index("Events")["Users"]

    assert table[table == 1].index.tolist() == [row]
