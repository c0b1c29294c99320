import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.cohort import Cohort
from pages.ui.places import COLD_START
from recsys_core.access import OWNER, acting_as
from recsys_core.pipeline import FinetuneOptions, finetune
from recsys_core.workspace.feedback import feedback_of, person_of
from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import save_shop
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


@pytest.mark.usefixtures("shop")
def test_what_is_asked_for_in_the_link_changes_the_list_and_says_what_moved(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    plain = open_page(COLD_START, target="kitchen")
    at = open_page(COLD_START, target="kitchen", **{"if-novel": "100"})

    titles = at.dataframe[0].value["Title"].tolist()
    assert titles != plain.dataframe[0].value["Title"].tolist()
    assert sorted(titles) == ["Pot 0", "Pot 1", "Pot 2", "Pot 3"]
    assert "places gained and lost" in text_of(at)
    assert "-badge[▲" in text_of(at)
    at.button(key="cold-rest").click().run()
    assert at.slider(key="if-novel").value == 0
    assert "places gained and lost" not in text_of(at)


def test_an_interest_or_title_taken_out_is_no_reason_any_more(
    ws: Workspace, shop: DatasetInfo, open_page: Open
) -> None:
    save_found(ws, shop)
    at = open_page(COLD_START, target="kitchen", who="a known user")
    held = at.multiselect[0]
    assert held.label == "Had they never taken"
    held.select(held.options[0]).run()

    assert not at.exception
    assert all(held.options[0] not in why for why in at.dataframe[0].value["Why"])


@pytest.mark.usefixtures("shop")
def test_a_title_that_is_not_for_them_goes_at_once_and_can_be_taken_back(
    open_page: Open, text_of: Text
) -> None:
    at = open_page(COLD_START, target="kitchen")
    first = at.dataframe[0].value["Title"].iloc[0]

    next(button for button in at.button if "thumb_down" in str(button.key)).click().run()

    assert first not in at.dataframe[0].value["Title"].tolist()
    assert f"Not *{first}*" in text_of(at)
    next(button for button in at.button if button.label == "Take back").click().run()
    assert first in at.dataframe[0].value["Title"].tolist()


def test_what_is_said_is_kept_under_a_pseudonym_and_there_again_in_a_new_session(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    at = open_page(COLD_START, target="kitchen")
    first = at.dataframe[0].value["Title"].iloc[0]
    next(button for button in at.button if "thumb_up" in str(button.key)).click().run()

    said = feedback_of(ws, shop.name)
    assert said[["person", "likes"]].to_numpy().tolist() == [[person_of(ws, "shop", "u55"), True]]
    assert "u55" not in said["person"].iloc[0]
    again = open_page(COLD_START, target="kitchen")
    assert f"More like *{first}*" in text_of(again)
    again.button(key="cold-rest").click().run()
    assert f"More like *{first}*" not in text_of(again)
    assert feedback_of(ws, shop.name).empty


def test_what_a_viewer_says_of_a_title_counts_for_the_session_and_is_not_kept(
    ws: Workspace, shop: DatasetInfo, signed_in: Open, text_of: Text
) -> None:
    at = signed_in("viewer", COLD_START)

    next(button for button in at.button if "thumb_up" in str(button.key)).click().run()

    assert not at.exception
    assert "Said for this session only; keeping it takes the role analyst." in text_of(at)
    with acting_as(OWNER):
        assert feedback_of(ws, shop.name).empty


@pytest.mark.usefixtures("shop")
def test_another_recommender_stands_beside_with_what_only_it_shows(open_page: Open, text_of: Text) -> None:
    at = open_page(COLD_START, target="kitchen", beside="Text of what they liked (ridge)")

    text = text_of(at).replace("\\", "")
    assert "#### Text of what they liked (ridge)" in text
    assert "*Text of what they liked (ridge)* shares 4 of these 4" in text


@pytest.mark.usefixtures("shop")
def test_of_a_test_user_it_marks_what_they_really_took(open_page: Open, text_of: Text) -> None:
    at = open_page(COLD_START, target="kitchen", who="a test user")

    assert "hidden from everything that made these lists" in text_of(at)
    assert "This person really took 1 title in *kitchen*" in text_of(at)
    assert text_of(at).count("took it") == 2  # in both lists, which hold all four titles
    assert "u" + str(at.selectbox[-1].value) not in str(dict(at.query_params))


@pytest.mark.usefixtures("shop")
def test_a_cohort_is_told_together_where_it_is_large_enough(open_page: Open, text_of: Text) -> None:
    at = open_page(COLD_START, target="kitchen", who="a cohort")
    assert "No cohort has been picked." in text_of(at)

    at.session_state["cohort"] = Cohort("shop:1", np.arange(5), "from the atlas")
    assert "A cohort of 5 is too small" in text_of(at.run())
    at.session_state["cohort"] = Cohort("shop:1", np.arange(45, 60), "from the atlas")
    at.run()

    assert not at.exception
    assert "Cohort of 15 people from the atlas" in text_of(at)
    assert "#### Recommended" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_lists_for_everybody_new_to_the_domain_as_a_file(open_page: Open) -> None:
    at = open_page(COLD_START, target="kitchen", who="nothing known")

    at.button(key="batch-go").click().run()

    assert not at.exception
    assert at.button(key="batch-go").label == "Make lists for 5 people"
    _, content = at.session_state["cold-batch"]
    table = pd.read_csv(io.BytesIO(content))
    assert len(table) == 5 * 4
    assert table["user_id"].str.startswith("user ").all()  # pseudonyms, no ids
    assert not table["user_id"].isin([f"u{number}" for number in range(55, 60)]).any()


@pytest.mark.usefixtures("shop")
def test_emoji_are_answered_with_what_is_popular_and_a_sentence(open_page: Open, text_of: Text) -> None:
    at = open_page(COLD_START, target="kitchen", who="typed interests")

    at.text_area(key="cold-text").input("🫖🍵").run()

    assert not at.exception
    assert "The text encoder knows none of these signs" in text_of(at)
    assert "#### Recommended" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_where_a_model_is_gone_it_says_so_and_shows_what_is_popular(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    run = ws.finish_run(ws.new_run("shop", 1, {"mode": "head"}).id, {})

    text = text_of(open_page(COLD_START, target="kitchen"))

    assert f"The model of {run.name} is gone from" in text
    assert "So this is what is popular, the same for everyone." in text
    assert "### What is popular lately in *kitchen*, the same for everyone." in text
    assert "#### Popular lately, for everyone" in text
    assert "#### Recommended" not in text


@pytest.mark.usefixtures("shop")
def test_a_link_to_a_model_whose_data_are_gone_says_so_and_what_is_shown_instead(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    run = ws.finish_run(ws.new_run("shop", 1, {"mode": "head"}).id, {})
    forget(ws, "shop", "u07")

    at = open_page(COLD_START, target="kitchen", run=run.id)

    told = f"*{run.name}*, cannot be used: a person was removed from its data, which are gone. What follows"
    assert f"{told} is made without a fine-tuned model." in text_of(at)
    assert "#### Recommended" in text_of(at)
    assert "cannot be used" not in text_of(open_page(COLD_START, target="kitchen"))


def test_the_list_of_another_run_stands_beside(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    one, other = (
        finetune(ws, shop.name, FinetuneOptions(mode="head", epochs=1, seed=seed)) for seed in (0, 1)
    )

    at = open_page(COLD_START, target="kitchen", run=one.id, beside=f"Blend of {other.name}")

    assert f"#### Blend of {other.name}" in text_of(at)
    assert f"*Blend of {other.name}* shares 4 of these 4" in text_of(at)
    assert len(at.dataframe[1].value) == len(at.dataframe[2].value) == 4


@pytest.mark.usefixtures("shop")
def test_thumbs_are_called_by_what_they_say_of_which_title(open_page: Open) -> None:
    at = open_page(COLD_START, target="kitchen")
    first = at.dataframe[0].value["Title"].iloc[0]
    thumbs = [button.label for button in at.button if "thumb_" in str(button.key)]
    assert thumbs[:2] == [f"More like *{first}*", f"Not for me: *{first}*"]


def test_the_people_of_another_domain_can_be_taken_as_a_cohort(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    save_shop(ws, in_kitchen=40)
    at = open_page(COLD_START, target="kitchen", who="a cohort")
    assert at.button(key="cohort-of-food").label == "20 people of food"

    at.button(key="cohort-of-food").click().run()

    assert "Cohort of 20 people active in food and new to kitchen" in text_of(at)
    assert "#### Recommended" in text_of(at)


@pytest.mark.usefixtures("shop")
def test_too_few_people_of_another_domain_are_no_cohort(open_page: Open) -> None:
    few = open_page(COLD_START, target="kitchen", who="a cohort").button(key="cohort-of-food")
    assert (few.label, few.disabled) == ("5 people of food", True)
