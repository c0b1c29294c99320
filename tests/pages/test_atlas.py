import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import atlas_layers
from pages.ui.atlas_selection import Selected
from pages.ui.places import ATLAS, JOURNEY, MIGRATION
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.naming import rename_interest
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import interest_map, interests, map_points, save_found

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.mark.usefixtures("ws")
def test_an_empty_workspace_teaches(open_page: Open, text_of: Text) -> None:
    text = text_of(open_page(ATLAS))
    assert "This page will show a map of all titles and people" in text


@pytest.mark.usefixtures("shop")
def test_without_interests_a_button_finds_them(ws: Workspace, open_page: Open) -> None:
    at = open_page(ATLAS)
    at.button(key="start-interests").click().run()
    (job,) = Ledger(ws).jobs(10)
    assert (job.kind, job.params) == ("interests", {"dataset": "shop", "run": None})


def test_the_headline_names_the_largest_interests(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    text = text_of(open_page(ATLAS))
    assert "2 interests; the largest are *Tea* and *Pots*." in text
    assert "9 titles." in text
    assert "nearly always alike" in text


def test_a_link_opens_people_in_a_window_at_the_finer_level(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    text = text_of(open_page(ATLAS, show="people", level="3 finer", window="2024-03"))
    assert "3 interests; the largest are *Green tea*, *Black tea* and *Pots and pans*." in text
    assert "People in 2024-03; the colour is their main interest" in text


def test_a_search_says_how_many_titles_it_found(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    assert "5 titles hold *tea*, ringed." in text_of(open_page(ATLAS, find="tea"))
    assert "0 titles hold *zzz*" in text_of(open_page(ATLAS, find="zzz"))


def test_titles_are_coloured_by_amounts_with_a_titled_bar(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS, colour="activity")
    assert "the colour is how often they were taken" in text_of(at)
    assert map_trace(at)["marker"]["colorbar"]["title"]["text"] == "Events"


def test_drift_is_grey_with_a_sentence_until_migration_is_measured(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS, show="people", **{"colour-people": "drift"})
    assert "0.7" in str(map_trace(at)["text"])
    ws.save_result("interests", "shop", 1, None, interests().parts())
    ws.save_result("map", "shop", 1, None, interest_map().parts())
    at = open_page(ATLAS, show="people", **{"colour-people": "drift"})
    assert "not measured yet, so everybody is grey" in text_of(at)


def test_people_glide_over_time_and_arrows_need_ten_of_them(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS, show="people over time")
    text = text_of(at)
    assert "2 people who were active in more than one window" in text
    assert "No arrow: fewer than 10 of the people of each interest can be followed" in text
    assert [frame["name"] for frame in json.loads(map_chart(at).proto.spec)["frames"]] == [
        "2024-01",
        "2024-03",
    ]


def test_selected_people_keep_their_trails_from_view_to_view(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS, show="people")
    at.session_state["atlas_selection"] = Selected("people", "shop:1", np.array([1]))
    assert "Lines: the trails of the one person selected." in text_of(at.run())
    at.segmented_control(key="show").set_value("people over time").run()
    assert "Lines: the trails of the one person selected." in text_of(at)


def test_above_the_most_points_a_sample_is_drawn_over_a_shading_and_both_are_told(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas_layers, "MOST_POINTS", 6)
    save_found(ws, shop)
    at = open_page(ATLAS)
    assert "5 of 9 titles shown: a sample with every interest in its share." in text_of(at)
    assert "The shading tells where all 9 lie." in text_of(at)
    points, density = json.loads(map_chart(at).proto.spec)["data"][:2]
    assert (len(points["text"]), density["type"]) == (5, "heatmap")


def test_it_says_how_stable_the_interests_are_and_which_of_them(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS)
    assert "These 2 interests are stable: found anew on resampled titles, 20 times, they agreed to 0.97" in (
        text_of(at)
    )
    assert at.dataframe[0].value["Comes out again (%)"].tolist() == [99, 98]
    finer = text_of(open_page(ATLAS, level="3 finer"))
    assert "These 3 interests are one way of many to divide the titles" in finer
    assert "Fewer, broader ones are steadier." in finer


def test_interests_of_earlier_versions_say_nothing_of_stability(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    earlier = replace(interests(), stability=None)
    ws.save_result("interests", "shop", 1, None, earlier.parts())
    ws.save_result("map", "shop", 1, None, interest_map().parts())
    at = open_page(ATLAS)
    assert "resampled titles, 20 times" not in text_of(at)
    assert list(at.dataframe[0].value) == ["Interest", "Typical words", "Titles", "Events"]


def test_a_renamed_interest_is_called_so_on_every_page_until_it_is_given_back(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS)
    at.text_input(key="rename-to-0-Tea").input("Pots")
    at.button(key="rename-save").click().run()
    assert "Another interest of this level is called 'Pots'" in text_of(at)
    at.text_input(key="rename-to-0-Tea").input("Hot drinks")
    at.button(key="rename-save").click().run()
    assert not at.exception
    assert "the largest are *Hot drinks* and *Pots*." in text_of(at)
    assert "Hot drinks" in str(map_trace(at)["text"])  # what is kept of the map too
    assert "*Hot drinks*" in text_of(open_page(MIGRATION, by="month"))
    at.button(key="rename-back").click().run()
    assert "the largest are *Tea* and *Pots*." in text_of(at)


def test_a_name_that_somebody_else_gave_meanwhile_is_told_and_stays(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS)
    rename_interest(ws, "shop", 1, None, 0, "Brews")

    at.text_input(key="rename-to-0-Tea").input("Hot drinks")
    at.button(key="rename-save").click().run()

    assert "The interest is called 'Brews' now, changed by owner of this machine on" in text_of(at)
    assert "the largest are *Brews* and *Pots*." in text_of(at)


def test_a_person_is_found_by_their_id_which_stays_out_of_the_address(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS, show="people")
    at.text_input(key="find-person").input("u01").run()
    assert "1 person is found by *u01*, ringed." in text_of(at)
    assert "u01" not in str(dict(at.query_params))
    at.text_input(key="find-person").input("user").run()
    assert "50 or more people are found by *user*, ringed." in text_of(at)
    at.toggle(key="ids-as-imported").set_value(True)
    at.text_input(key="find-person").input("u0").run()
    assert "10 people are found by *u0*, ringed." in text_of(at)


def test_the_nearest_in_full_space_stand_in_a_table_and_on_the_map(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS, find="Pot 0")
    assert "What is nearest is not known here." in text_of(at)  # an earlier version drew this map
    ws.save_result("map-points", "shop", 1, None, map_points().parts())
    at = open_page(ATLAS, find="Pot 0")
    assert "Nearest to *Pot 0* in the full space" in text_of(at)
    near = table_with(at, "Likeness")
    assert {"Tea 4", "Pot 1"} == set(near["Title"].iloc[:2])
    assert near["Likeness"].iloc[0] == pytest.approx(np.cos(np.radians(9)), abs=2e-3)
    marks = json.loads(map_chart(at).proto.spec)["data"][1:]
    assert [trace["name"] for trace in marks] == ["found", "nearest in full space", "nearest to this"]
    at.segmented_control(key="show").set_value("people").run()
    at.text_input(key="find-person").input("u01").run()
    assert table_with(at, "Person")["Person"].str.fullmatch("user [0-9a-f]{6}").tolist() == [True]
    at.toggle(key="ids-as-imported").set_value(True).run()
    assert table_with(at, "Person")["Person"].tolist() == ["u00"]
    assert table_with(at, "Title")["Title"].iloc[0] == "Tea 1"
    downloads = [button.key for button in at.get("download_button")]
    assert "csv-nearest-titles" in downloads
    assert "csv-nearest-people" not in downloads


def map_chart(at: AppTest) -> Any:
    return at.get("plotly_chart")[0]


def table_with(at: AppTest, column: str) -> pd.DataFrame:
    """The last table with a column of this name."""
    return [shown.value for shown in at.dataframe if column in shown.value][-1]


def test_selected_people_become_a_cohort_that_other_pages_speak_of(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(ATLAS, show="people")
    at.session_state["atlas_selection"] = Selected("people", "shop:1", np.array([1]))
    at.run()
    at.button(key="atlas-cohort").click().run()
    assert "**Cohort of 1 person from the atlas:**" in text_of(at)
    at.switch_page(JOURNEY.path).run()
    assert "Cohort of 1 person from the atlas**." in text_of(at)
    assert at.selectbox(key="journey-user-shop-1-").value == 1
    assert len(at.selectbox(key="journey-user-shop-1-").options) == 1
    at.button(key="cohort-drop").click().run()
    assert "Cohort of" not in text_of(at)
    assert len(at.selectbox(key="journey-user-shop-1-").options) > 1


def map_trace(at: AppTest) -> dict[str, Any]:
    """The points of the map."""
    return json.loads(map_chart(at).proto.spec)["data"][0]
