from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import JOURNEY
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import migration, save_found

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.mark.usefixtures("shop")
def test_without_interests_it_links_to_the_atlas(open_page: Open, text_of: Text) -> None:
    assert "It needs named interests first." in text_of(open_page(JOURNEY))


def test_it_opens_on_who_changed_most(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(JOURNEY, by="month")
    text = text_of(at)
    assert "Moved in 2024-03, more than 50 % of people and more than this user's own chance." in text
    assert "4 events from January 2024 to March 2024, most in *Tea*." in text
    assert "strength 0.70" in text
    assert "(p < 0.001)" in text


def test_a_user_is_found_by_their_id_which_never_stands_in_the_address(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(JOURNEY, by="month")
    at.text_input(key="journey-find").input("u01").run()
    assert not at.exception
    assert "No change beyond this user's own chance." in text_of(at)
    assert "u01" not in str(dict(at.query_params))
    at.text_input(key="journey-find").input("nobody").run()
    assert "Nobody is called “nobody”." in text_of(at)


def test_without_migration_it_says_what_is_missing(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    assert "compute migration first" in text_of(open_page(JOURNEY, by="year"))

    ws.save_result("migration", "shop", 1, None, migration().parts(), "quarter-0")
    assert "Moved in 2024-03" in text_of(open_page(JOURNEY, by="year"))
