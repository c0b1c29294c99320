import json
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.cohort import Cohort
from pages.ui.places import COVERAGE, JOURNEY, MIGRATION
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.workspace.content import INTERACTIONS
from recsys_core.workspace.manifest import PSEUDONYMISED
from recsys_core.workspace.person import KEY
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import migration, save_found

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]
AN_ID = r"(?<![0-9A-Za-z])u\d\d(?![0-9A-Za-z])"


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


def test_nowhere_does_an_id_stand_until_it_is_asked_for(
    ws: Workspace, shop: DatasetInfo, open_page: Open
) -> None:
    save_found(ws, shop)
    at = open_page(JOURNEY, by="month")
    assert not re.search(AN_ID, everything_on(at))
    names = at.selectbox(key="journey-user-shop-1-").options
    assert all(re.fullmatch("user [0-9a-f]{6}", name) for name in names)
    at.text_input(key="journey-find").input("u07").run()
    found = at.selectbox(key="journey-user-shop-1-u07")
    assert (found.value, len(found.options)) == (7, 1)
    at.text_input(key="journey-find").input(found.options[0][5:9]).run()
    assert at.selectbox(key=f"journey-user-shop-1-{found.options[0][5:9]}").value == 7

    at.toggle(key="ids-as-imported").set_value(True).run()
    assert re.search(AN_ID, everything_on(at))
    at.text_input(key="journey-find").input("u0").run()
    assert [o for o in at.selectbox(key="journey-user-shop-1-u0-by-id").options if re.fullmatch(AN_ID, o)]
    ws.save_result("migration", "shop", 1, None, migration().parts(), "quarter-0")
    at.switch_page(COVERAGE.path).run()
    at.switch_page(MIGRATION.path).run()
    assert at.toggle(key="ids-as-imported").value
    assert at.selectbox(key="mover").options == ["u00"]
    assert not re.search(AN_ID, str(dict(at.query_params)))


@pytest.mark.usefixtures("shop")
def test_a_dataset_of_pseudonyms_needs_no_switch_and_is_searched_by_id(
    ws: Workspace, open_page: Open
) -> None:
    events = pd.read_parquet(next(ws.root.rglob(INTERACTIONS)))
    pseudonyms = Pseudonyms.of_key_file(ws.root / KEY)
    events["user_id"] = events["user_id"].map(pseudonyms.of)
    items = ws.load_dataset("shop").items
    hidden = ws.save_dataset("hidden", events, items, {PSEUDONYMISED: True})
    save_found(ws, hidden)
    at = open_page(JOURNEY, by="month", dataset="hidden")
    assert not at.toggle
    at.text_input(key="journey-find").input("u07").run()
    assert at.selectbox(key="journey-user-hidden-1-u07-by-id").options[0] == pseudonyms.of("u07")


def test_what_a_user_took_is_set_beside_their_past_and_their_way_is_drawn(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(JOURNEY, by="month")
    assert "No month has 3 events with 3 before it: too few to tell." in text_of(at)
    assert "Their way over the map: from *Tea* in 2024-01 to *Pots* in 2024-03" in text_of(at)
    figures = [json.loads(chart.proto.spec) for chart in at.get("plotly_chart")]
    maps = [figure for figure in figures if any(t["type"] == "scattergl" for t in figure["data"])]
    assert len(maps) == 1
    assert "csv-path" in [button.key for button in at.get("download_button")]


def test_a_cohort_is_told_together_or_one_by_one(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(JOURNEY, by="month")
    at.session_state["cohort"] = Cohort("shop:1", np.arange(12), "from the atlas")
    text = text_of(at.run())
    assert (
        "12 people, 48 events from January 2024 to March 2024, most in *Tea* (75 %). From 2024-01 to 2024-03 "
        "their mean share of *Pots* grew most, from 0 % to 50 %, beyond its intervals." in text
    )
    assert "In 1 of 2 months what these people took was farther from everything before than by chance" in text
    assert "most in 2024-03, where 50 % differs" in text
    assert "No window on the map has 10 of these people." in text
    assert not re.search(AN_ID, everything_on(at))
    at.segmented_control(key="colour").set_value("domain").run()
    assert "most in *food* (75 %)" in text_of(at)
    at.segmented_control(key="whose").set_value("one user of it").run()
    assert len(at.selectbox(key="journey-user-shop-1-").options) == 12


def test_what_fewer_than_ten_of_a_cohort_took_is_told_nowhere(
    ws: Workspace, shop: DatasetInfo, open_page: Open
) -> None:
    save_found(ws, shop)
    at = open_page(JOURNEY, by="month")
    at.session_state["cohort"] = Cohort("shop:1", np.arange(50, 60), "from the atlas")  # 5 of them took pots
    at.run()
    (events,) = [
        frame.value for frame in at.dataframe if list(frame.value) == ["Window", "Interest", "Events"]
    ]
    assert events.to_numpy().tolist() == [[f"2024-0{month}", "Tea", 10] for month in (1, 2, 3)]


def test_a_cohort_under_ten_is_never_told_together(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(JOURNEY, by="month")
    at.session_state["cohort"] = Cohort("shop:1", np.arange(9), "from the atlas")
    at.run()
    assert len(at.selectbox(key="journey-user-shop-1-").options) == 9
    at.segmented_control(key="whose").set_value("the whole cohort").run()
    assert "This cohort is too small to show as a group: it takes 10 people or more." in text_of(at)
    assert not at.get("plotly_chart")
    assert not at.get("download_button")


def everything_on(at: AppTest) -> str:
    """All that the page holds: texts, options, tables and figures."""
    told = [str(dict(at.query_params))]
    for element in [*at.main, *at.sidebar]:
        if element.type in ("arrow_data_frame", "dataframe"):
            told.append(element.value.to_csv())
        elif getattr(element, "proto", None) is not None:
            told.append(str(element.proto))
    return "\n".join(told)
