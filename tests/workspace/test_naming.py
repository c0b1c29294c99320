from dataclasses import replace

import pytest

from recsys_core.errors import ConflictError, InputError, NotFoundError
from recsys_core.interests.interests import UNCLEAR
from recsys_core.workspace.naming import load_interests, rename_interest
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import interests

TEA, POTS, GREEN, BLACK = 0, 1, 2, 3


@pytest.fixture
def ws(ws: Workspace) -> Workspace:
    ws.save_result("interests", "shop", 1, "run-1", interests().parts())
    return ws


def _names(ws: Workspace) -> list[str]:
    loaded = load_interests(ws, "shop", 1, "run-1")
    assert loaded is not None
    return loaded.table["name"].tolist()


def _rename(ws: Workspace, interest: int, name: str) -> None:
    rename_interest(ws, "shop", 1, "run-1", interest, name)


def test_a_name_is_kept_beside_the_interests_until_it_is_given_back(ws: Workspace) -> None:
    found = _names(ws)
    before = ws.result_info("interests", "shop", 1)

    _rename(ws, TEA, "  Hot \n drinks ")
    _rename(ws, GREEN, "Sencha")

    again = Workspace.open(ws.root)
    assert _names(again) == ["Hot drinks", "Pots", "Sencha", "Black tea", "Pots and pans"]
    assert ws.result_info("interests", "shop", 1) == before  # the map and migration made of them still fit
    _rename(ws, TEA, "")
    _rename(ws, GREEN, " ")
    assert _names(ws) == found


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("pots", "Another interest of this level is called 'pots'"),
        ("x" * 61, "61 characters; names have at most 60"),
        ("<b>Tea</b>", "holds < or >"),
        ("unclear", "titles without a text"),
    ],
)
def test_a_bad_name_is_refused_with_a_sentence(ws: Workspace, name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        _rename(ws, TEA, name)
    assert _names(ws)[TEA] == "Tea"


def test_names_are_told_apart_within_a_level_only_and_a_freed_name_can_be_used(ws: Workspace) -> None:
    _rename(ws, GREEN, "Pots")
    _rename(ws, POTS, "Kitchen")
    _rename(ws, TEA, "Pots")
    assert _names(ws)[:3] == ["Pots", "Kitchen", "Pots"]
    with pytest.raises(InputError, match="called 'Pots' now"):
        _rename(ws, POTS, "")


def test_names_go_with_other_interests_and_come_back_with_the_same(ws: Workspace) -> None:
    _rename(ws, TEA, "Hot drinks")
    other = replace(interests(), table=interests().table.assign(terms="cup, tea"))
    ws.save_result("interests", "shop", 1, "run-1", other.parts())
    assert _names(ws)[TEA] == "Tea"
    ws.save_result("interests", "shop", 1, "run-1", interests().parts())
    assert _names(ws)[TEA] == "Hot drinks"


def test_what_cannot_be_named(ws: Workspace) -> None:
    unclear = interests().renamed(["Tea", UNCLEAR, "Green tea", "Black tea", "Pots and pans"])
    ws.save_result("interests", "shop", 1, "run-2", unclear.parts())
    for run, interest in (("run-1", 99), ("run-2", POTS), ("run-3", TEA)):
        with pytest.raises(NotFoundError, match="no interest"):
            rename_interest(ws, "shop", 1, run, interest, "Kitchen")


def test_a_name_that_somebody_else_gave_meanwhile_is_not_overwritten(ws: Workspace) -> None:
    found = _names(ws)[TEA]
    rename_interest(ws, "shop", 1, "run-1", TEA, "Hot drinks", seen=found)

    with pytest.raises(ConflictError, match=r"called 'Hot drinks' now, changed by owner of this machine on"):
        rename_interest(ws, "shop", 1, "run-1", TEA, "Brews", seen=found)
    assert _names(ws)[TEA] == "Hot drinks"

    rename_interest(ws, "shop", 1, "run-1", TEA, "Brews", seen="Hot drinks")
    assert _names(ws)[TEA] == "Brews"
