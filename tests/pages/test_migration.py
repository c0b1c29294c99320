from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from streamlit.testing.v1 import AppTest

from pages.ui.cohort import Cohort
from pages.ui.places import JOURNEY, MIGRATION
from pages.ui.share_views import OTHERS, shown_events, shown_shares
from recsys_core.jobs.kinds import kind_named
from recsys_core.jobs.ledger import Ledger
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.question import Question
from recsys_core.parts import Parts
from recsys_core.progress import Silent
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import interests, migration, save_found

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


def test_without_migration_a_button_computes_it(ws: Workspace, shop: DatasetInfo, open_page: Open) -> None:
    ws.save_result("interests", "shop", shop.version, None, interests().parts())
    at = open_page(MIGRATION, by="month")
    at.button(key="start-migrate").click().run()
    (job,) = Ledger(ws).jobs(10)
    assert (job.kind, job.params) == (
        "migrate",
        {"dataset": "shop", "run": None, "window": "month", "level": 0},
    )


def test_the_answer_is_a_sentence_with_interval_and_chance(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    text = text_of(open_page(MIGRATION, by="month"))
    assert (
        "Of 60 users with an interest in *Tea* in 2024-02 and active in 2024-03, 40 % ± 10 % of that "
        "interest moved to *Pots*, 30 points more than by chance." in text
    )
    assert (
        "Of 2 people with enough events, 1 (50 %) changed more than their own shuffled history does." in text
    )
    assert "*Pots* rose by 40 points in 2024-03" in text
    assert "2024-01 is only partly covered by the log." in text


def test_it_opens_on_the_pair_that_moved_most_and_a_link_opens_another(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    assert open_page(MIGRATION, by="month").selectbox(key="pair").value == "2024-02 → 2024-03"
    text = text_of(open_page(MIGRATION, by="month", pair="2024-01 → 2024-02"))
    assert "2024-01 → 2024-02: nothing moved more than chance explains" in text


def test_interests_found_anew_make_old_migration_stale(
    ws: Workspace, shop: DatasetInfo, open_page: Open
) -> None:
    save_found(ws, shop)
    parts = ws.load_result("interests", "shop", shop.version)
    ws.save_result("interests", "shop", shop.version, None, parts)
    assert open_page(MIGRATION, by="month").button(key="start-migrate")


def test_the_crowd_is_told_apart_from_the_catalogue_and_from_chance(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    text = text_of(open_page(MIGRATION, by="month"))
    assert "### Did the crowd as a whole change?" in text
    assert (
        "Beyond chance in 1 of 2 steps from one window to the next, most from 2024-02 to 2024-03: by 40 % of "
        "the largest difference possible, where two random halves of one crowd differ by 2 %. 25 % of the "
        "later events are on titles nobody had taken before; on titles taken in both windows alone the "
        "difference is 30 %, beyond chance too: people changed, not only the catalogue." in text
    )


def test_a_crowd_measured_by_an_earlier_version_is_a_sentence(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    parts = migration().parts()
    known = ["from_window", "to_window", "distance", "noise", "p", "n_users"]
    frames = {**parts.frames, "population": parts.frames["population"][known]}
    ws.save_result("migration", "shop", shop.version, None, Parts(parts.document, frames), "month-0")
    assert "without an effect size. Measure migration again." in text_of(open_page(MIGRATION, by="month"))


def test_interests_are_ranked_by_their_change_with_intervals(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    """In March 55 of 60 people took one pot and one tea each; nobody took a pot before."""
    save_found(ws, shop)
    at = open_page(MIGRATION, by="month")
    assert (
        "From 2024-02 to 2024-03, 1 of 2 interests rose and 1 faded beyond their intervals: *Pots* rose "
        "most, by 45.8 ± 3.5 points and *Tea* faded most, by 45.8 ± 3.5 points. It rests on 60 people active "
        "in 2024-02 and 60 in 2024-03, 60 of them in both." in text_of(at)
    )
    at.selectbox(key="rise-to").set_value("2024-02").run()
    assert "Choose a later window" in text_of(at)
    at = open_page(MIGRATION, by="month", **{"rise-from": "2024-01", "rise-to": "2024-02"})
    assert "From 2024-01 to 2024-02 no interest rose or faded" in text_of(at)
    assert "2024-01 is only partly covered by the log." in text_of(at)


def test_a_change_names_the_titles_around_it(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(MIGRATION, by="month", change="Pots rose in 2024-03")
    assert (
        "Since 2024-03, 25 % of the events that its titles gained are on *Pot 0*, first taken in March 2024;"
        in text_of(at)
    )
    assert "Compared are 2024-01 to 2024-02 and 2024-03." in text_of(at)
    (table,) = [frame.value for frame in at.dataframe if "Title" in frame.value]
    assert table.columns.tolist()[:4] == ["Title", "Domain", "First taken", "Gained"]
    assert table.iloc[3].fillna("").tolist() == ["Pot 3", "kitchen", "2024-03", 13, "", 13, "", 13]


def test_movers_have_pseudonyms_and_a_way_to_their_journey(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    users = migration().users.assign(user=[40, 0], flagged=[True, False], drift=[0.3, 0.9])
    save_found(ws, shop)
    ws.save_result(
        "migration", "shop", shop.version, None, replace(migration(), users=users).parts(), "month-0"
    )
    at = open_page(MIGRATION, by="month")
    said = "1 of 2 people with enough events (50 %) changed beyond their own chance, in 2024-03."
    assert said in text_of(at)
    (table,) = [frame.value for frame in at.dataframe if "Left" in frame.value]
    assert table.iloc[:, 1:4].to_numpy().tolist() == [["2024-03", "Tea", "Pots"]]
    assert table["Person"].str.fullmatch("user [0-9a-f]{6}").all()
    downloads = [button.key for button in at.get("download_button")]
    assert "csv-rising" in downloads
    assert "csv-movers" not in downloads
    at.selectbox(key="mover").set_value(40).run()
    at.switch_page(JOURNEY.path).run()
    assert at.selectbox(key=f"journey-user-shop-{shop.version}-").value == 40
    assert "u40" not in str(dict(at.query_params))


def test_any_two_windows_are_compared_by_a_job_and_then_shown(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    where = {"by": "month", "along": "any two windows", "flow-domain": "food"}
    at = open_page(MIGRATION, **where)
    at.number_input(key="fewest").set_value(2).run()
    only = ", counting only events in food and people with 2 events or more."
    assert f"have not been compared yet{only}" in text_of(at)
    at.button(key="start-flows").click().run()
    (job,) = Ledger(ws).jobs(10)
    kind_named("flows").work(ws, job.params, Silent())
    at = open_page(MIGRATION, **where)
    at.number_input(key="fewest").set_value(2).run()
    text = text_of(at)
    assert "Rests on 60 people active in both windows, counting only events in food and people with 2" in text
    assert "2024-01 → 2024-03: nothing moved more than chance explains" in text
    assert "100 % of what people held stayed where it was; by chance it would be 100 %." in text
    at.selectbox(key="flow-from").set_value("2024-03").run()
    assert "Choose a later window to compare with." in text_of(at)


def test_neighbours_need_no_job_and_only_the_selected_people_do(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(MIGRATION, by="month", along="any two windows", **{"flow-from": "2024-02"})
    assert "2024-02 → 2024-03: *Tea* to *Pots*, beyond chance" in text_of(at)
    assert text_of(at).count("Of 60 users with an interest in *Tea*") == 1  # the headline
    at.session_state["cohort"] = Cohort(f"shop:{shop.version}", np.arange(12), "from the atlas")
    at.run()
    at.toggle(key="flow-cohort").set_value(True).run()
    at.button(key="start-flows").click().run()
    (job,) = Ledger(ws).jobs(10)
    assert job.params["users"] == list(range(12))


def test_one_answer_about_some_people_serves_all_windows_and_each_pair(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    where = {"by": "month", "flow-domain": "food", "fewest": "2"}
    at = open_page(MIGRATION, **where)
    only = ", counting only events in food and people with 2 events or more."
    assert f"No month has been compared with the next yet{only}" in text_of(at)
    at.button(key="start-flows").click().run()
    (job,) = Ledger(ws).jobs(10)
    assert (job.params["pair"], job.params["fewest"], job.params["users"]) == (None, 2, None)
    kind_named("flows").work(ws, job.params, Silent())
    rests = f"Rests on 60 people active in both windows{only}"
    assert rests in text_of(open_page(MIGRATION, **where))
    any_two = {"along": "any two windows", "flow-from": "2024-01", "flow-to": "2024-02"}
    text = text_of(open_page(MIGRATION, **where, **any_two))
    assert rests in text
    assert "2024-01 → 2024-02: nothing moved" in text
    text = text_of(open_page(MIGRATION, **where, along="all windows in a row"))
    assert f"Rests on 60 people active in two windows in a row{only}" in text
    assert "In none of these windows anything moved more than chance explains" in text


def test_of_other_people_the_pair_where_most_moved_is_shown_first(
    ws: Workspace, shop: DatasetInfo, open_page: Open
) -> None:
    save_found(ws, shop)
    kind_named("flows").work(ws, {"dataset": "shop", **Question("month", 0, fewest=2).as_params()}, Silent())
    at = open_page(MIGRATION, by="month")
    at.selectbox(key="pair").set_value("2024-01 → 2024-02").run()
    at.number_input(key="fewest").set_value(2).run()
    assert at.selectbox(key="pair").value == "2024-02 → 2024-03"
    at.selectbox(key="pair").set_value("2024-01 → 2024-02").run()
    assert at.selectbox(key="pair").value == "2024-01 → 2024-02"


def test_a_filter_that_leaves_nobody_is_a_sentence(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    question = Question("month", 0, fewest=900)
    kind_named("flows").work(ws, {"dataset": "shop", **question.as_params()}, Silent())
    for along in ("one window to the next", "all windows in a row"):
        at = open_page(MIGRATION, by="month", along=along, fewest="900")
        only = ", counting only people with 900 events or more."
        said = f"Fewer than 10 people were active in two windows in a row{only}"
        assert f"{said} Nothing is shown." in text_of(at)


def test_the_whole_history_is_one_picture(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    text = text_of(open_page(MIGRATION, by="month", along="all windows in a row"))
    assert "1 move beyond chance, the strongest *Tea* to *Pots* in 2024-03" in text
    assert "80 % of what people held stayed where it was; by chance it would be 94 %." in text


def test_shares_as_a_stream_of_events_or_shares(ws: Workspace, shop: DatasetInfo, open_page: Open) -> None:
    save_found(ws, shop)
    at = open_page(MIGRATION, by="month", draw="stream", measure="events")
    at.multiselect(key="follow-0-month-").set_value([1]).run()
    (table,) = [
        frame.value for frame in at.dataframe if list(frame.value) == ["Window", "Interest", "Events"]
    ]
    others = [[f"2024-0{month}", "everything else", 60] for month in (1, 2, 3)]
    assert table.to_numpy().tolist() == [["2024-03", "Pots", 55], *others]
    at.segmented_control(key="measure").set_value("share of activity").run()
    assert not at.exception
    assert any("Share (%)" in frame.value and "Low (%)" in frame.value for frame in at.dataframe)


def test_windows_and_interests_of_few_people_are_not_told() -> None:
    events = pd.DataFrame(
        [("a", 0, 40, 12), ("a", 1, 9, 9), ("a", 2, 3, 1), ("a", 3, 80, 30), ("b", 0, 5, 5)],
        columns=["window", "interest", "n_events", "n_users"],
    )
    window = np.repeat([0, 1], [10, 9])
    mixes = Mixes(np.arange(19), window, np.ones((19, 1)), np.ones(19, np.int64))
    told = shown_events(events, mixes, ["a", "b"])[["window", "interest", "share"]].to_numpy().tolist()
    assert told == [["a", OTHERS, 52], ["a", 3, 80]]
    shares = pd.DataFrame(
        {"window": ["a", "b", "a"], "interest": 0, "domain": ["", "", "films"], "share": 1.0}
    )
    assert shown_shares(shares, mixes, ["a", "b"], "").index.tolist() == [0]
