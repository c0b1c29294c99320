import pandas as pd

from pages.ui.colours import ACCENT, GREY
from pages.ui.coverage_charts import events_figure, shared_figure, tail_figure, text_figure, users_figure


def test_users_are_split_by_whether_they_are_elsewhere_too() -> None:
    domains = pd.DataFrame({"domain": ["food", "toys"], "n_users": [10, 100], "elsewhere": [10, 14]})
    both, alone = users_figure(domains).data

    assert (list(both.y), list(both.x), list(alone.x)) == (["food", "toys"], [10, 14], [0, 86])


def test_too_few_shared_users_are_grey() -> None:
    pairs = pd.DataFrame({"source": ["a", "a"], "target": ["b", "c"], "n_users": [50, 49]})
    [bars] = shared_figure(pairs).data

    assert list(bars.y) == ["a and c", "a and b"]
    assert list(bars.marker.color) == [GREY, ACCENT]


def test_a_line_per_domain_and_one_for_all() -> None:
    per_user = pd.DataFrame({"domain": ["", "food"], "events": 1, "n_users": [9, 4], "share": [1.0, 1.0]})

    assert [line.name for line in events_figure(per_user).data] == ["food", "all domains"]


def test_text_bars_are_by_items_and_by_events() -> None:
    text = pd.DataFrame({"domain": ["food"], "share_items": [0.64], "share_events": [0.91]})

    assert {bars.name: list(bars.x) for bars in text_figure(text).data} == {"Items": [0.64], "Events": [0.91]}


def test_the_curve_has_a_line_to_hold_it_against() -> None:
    curve = pd.DataFrame({"domain": "food", "top": [0.0, 0.1, 1.0], "share": [0.0, 0.58, 1.0]})
    food, alike = tail_figure(curve).data

    assert (food.name, list(food.y)) == ("food", [0.0, 0.58, 1.0])
    assert (alike.name, list(alike.x), list(alike.y)) == ("all alike", [0, 1], [0, 1])
