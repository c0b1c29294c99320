from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import COLD_START
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import save_found, scorecard

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.mark.usefixtures("ws")
def test_an_empty_workspace_teaches(open_page: Open, text_of: Text) -> None:
    assert "what a person new to a domain would be recommended" in text_of(open_page(COLD_START))


def test_a_known_user_is_shown_kitchen_titles_with_reasons_beside_what_is_popular(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)

    at = open_page(COLD_START, target="kitchen")

    text = text_of(at).replace("\u00a0", " ")
    assert "recent popularity shares 4 of these 4" in text
    assert "recommendations are 1.50 × as good as popularity" in text
    recommended, popular = (t.value for t in at.dataframe[:2])
    assert sorted(recommended["Title"]) == sorted(popular["Title"]) == ["Pot 0", "Pot 1", "Pot 2", "Pot 3"]
    assert recommended["Why"].iloc[0].endswith(" %")
    assert at.selectbox(key="cold-user-shop-1-").value == 55  # the first who has nothing in kitchen
    assert "u55" not in str(dict(at.query_params))


def test_where_nothing_transfers_popularity_comes_first(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    ws.save_result("scorecard", "shop", 1, None, scorecard("none").parts(), "cold-user:kitchen")

    text = text_of(open_page(COLD_START, target="kitchen"))

    assert "nothing was shown to be better for people new to *kitchen*" in text
    assert "No evidence of transfer to *kitchen*" in text
    assert text.index("#### Popular lately") < text.index("#### What the blend would show")


@pytest.mark.usefixtures("shop")
def test_typed_text_is_answered_and_empty_text_asks_for_some(open_page: Open, text_of: Text) -> None:
    at = open_page(COLD_START, target="kitchen", who="typed interests")
    assert "Type what the person likes" in text_of(at)

    at.text_area(key="cold-text").input("a pot for soup").run()

    assert not at.exception
    assert "#### Recommended" in text_of(at)
    assert "has not been tested yet" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_picked_titles_are_found_by_typing_and_left_out_of_the_list(open_page: Open, text_of: Text) -> None:
    at = open_page(COLD_START, target="kitchen", who="a few titles")
    assert "Pick at least one title." in text_of(at)

    at.text_input(key="cold-titles").input("pot 2").run()
    at.multiselect(key="picks-shop-1-pot 2").select("Pot 2 (kitchen)").run()

    assert not at.exception
    assert "Pot 2" not in at.dataframe[0].value["Title"].tolist()
    at.text_input(key="cold-titles").input("tea").run()
    assert at.multiselect(key="picks-shop-1-tea").value == [7]


@pytest.mark.usefixtures("shop")
def test_of_nobody_it_shows_what_is_popular_and_says_so(open_page: Open, text_of: Text) -> None:
    text = text_of(open_page(COLD_START, target="kitchen", who="nothing known"))

    assert "Nothing is known of this person yet, so the list shows what is popular." in text
