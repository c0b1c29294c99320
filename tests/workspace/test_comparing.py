import pandas as pd
import pytest

from recsys_core.errors import NotFoundError
from recsys_core.workspace.comparing import Count, compare_versions, comparison_sentence
from recsys_core.workspace.workspace import Workspace


def log_of(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["user_id", "item_id", "domain", "timestamp"])
    return frame.assign(timestamp=pd.to_datetime(frame["timestamp"], utc=True))


ANN = ("ann", "x", "tea", "2013-06-01")
BOB = ("bob", "x", "tea", "2013-06-02")
CAT = ("cat", "p", "pots", "2014-01-01")


def test_events_users_and_items_come_and_go(ws: Workspace, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log_of(ANN, BOB), items, {})
    ws.save_dataset("shop", log_of(ANN, ("ann", "y", "tea", "2013-06-03"), CAT), items, {})

    found = compare_versions(ws, "shop", 1, 2)

    assert (found.a, found.b, found.same_events) == (1, 2, False)
    pots, tea = found.domains
    assert (tea.domain, tea.events, tea.users) == ("tea", Count(2, 2, 1, 1), Count(2, 1, 0, 1))
    assert (tea.items, tea.events.more) == (Count(1, 2, 1, 0), 0)
    assert (pots.domain, pots.events, pots.users) == ("pots", Count(0, 1, 1, 0), Count(0, 1, 1, 0))
    assert (found.total.events, found.total.users) == (Count(2, 3, 2, 1), Count(2, 2, 1, 1))
    assert comparison_sentence(found) == "Version 2 has 1 more event and 2 more items than version 1."


def test_the_span_of_each_version(ws: Workspace, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log_of(ANN, BOB), items, {})
    ws.save_dataset("shop", log_of(ANN, CAT), items, {})

    document = compare_versions(ws, "shop", 1, 2).as_dict()

    spans = ("first_a", "last_a", "first_b", "last_b")
    told = {one["domain"]: [str(one[name])[:10] for name in spans] for one in document["domains"]}
    assert told == {
        "pots": ["None", "None", "2014-01-01", "2014-01-01"],
        "tea": ["2013-06-01", "2013-06-02", "2013-06-01", "2013-06-01"],
    }
    assert document["total"]["last_b"] == "2014-01-01T00:00:00+00:00"


def test_a_user_of_two_domains_is_one_user(ws: Workspace, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log_of(ANN), items, {})
    ws.save_dataset("shop", log_of(ANN, ("ann", "p", "pots", "2014-01-01")), items, {})

    assert compare_versions(ws, "shop", 1, 2).total.users == Count(1, 1, 0, 0)


def test_an_event_that_stands_twice_counts_twice(ws: Workspace, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log_of(ANN, ANN, ANN), items, {})
    ws.save_dataset("shop", log_of(ANN), items, {})

    assert compare_versions(ws, "shop", 1, 2).total.events == Count(3, 1, 0, 2)


def test_the_same_events_are_said_to_be_so(ws: Workspace, items: pd.DataFrame) -> None:
    for _ in range(2):
        ws.save_dataset("shop", log_of(ANN, BOB), items, {})

    found = compare_versions(ws, "shop", 1, 2)

    assert (found.same_events, found.making) == (True, ())
    assert comparison_sentence(found) == "Versions 1 and 2 hold the very same events."


def test_as_many_but_others(ws: Workspace, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log_of(ANN), items, {})
    ws.save_dataset("shop", log_of(BOB), items, {})

    sentence = comparison_sentence(compare_versions(ws, "shop", 1, 2))
    assert sentence == "Version 2 has as many events, users and items as version 1, but other ones."


def test_a_version_that_is_not_there_is_named(ws: Workspace, items: pd.DataFrame) -> None:
    ws.save_dataset("shop", log_of(ANN), items, {})

    with pytest.raises(NotFoundError, match="has no version 2"):
        compare_versions(ws, "shop", 1, 2)
