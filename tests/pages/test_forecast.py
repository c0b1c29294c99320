from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import forecast_words as words
from pages.ui.forecast_views import forecast_table, score_table
from pages.ui.places import JOURNEY, MIGRATION
from recsys_core.migration.migration import Migration
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.foretold import foretold
from tests.pages.found import save_found

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]
NAMES = {0: "Tea", 1: "Pots"}


def save(ws: Workspace, info: DatasetInfo, migration: Migration) -> None:
    save_found(ws, info)
    ws.save_result("migration", info.name, info.version, None, migration.parts(), "month-0")


def test_the_migration_page_tells_what_comes_next(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save(ws, shop, foretold())
    text = text_of(open_page(MIGRATION, by="month"))
    assert "In 2024-04, *Tea* will probably hold 50 % (42 % to 58 %), down from 60 %" in text
    assert "By habit, which missed the shares of the last 8 windows by 2 points on average" in text
    assert "All domains together." in text
    assert "misses less than “everything stays as it is”: log-loss 0.600 against 0.700" in text


def test_the_journey_page_tells_what_one_user_may_turn_to(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save(ws, shop, foretold())
    text = text_of(open_page(JOURNEY, by="month"))
    assert "What they may turn to next: first *Pots*, 70 %" in text
    assert (
        "By habit. When 1,204 people came back in the last whole window, the interest called likeliest held "
        "70 % (68 % to 72 %) of what they did; by “everything stays as it is” it was 60 %." in text
    )


@pytest.mark.parametrize("place", [MIGRATION, JOURNEY])
def test_a_migration_measured_before_there_were_forecasts(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text, place: object
) -> None:
    save_found(ws, shop)
    assert words.OLDER in text_of(open_page(place, by="month"))


def test_better_is_said_only_where_it_is() -> None:
    sure, unsure = (words.people_sentence(foretold(gain)) for gain in (0.1, 0.03))
    assert sure.endswith("−0.100 (−0.150 to −0.050), on 1,204 people who came back in the last whole window.")
    assert "was not surely better than “everything stays as it is”: log-loss 0.670 against 0.700" in unsure
    assert "misses less" not in unsure


def test_where_nothing_is_better_the_present_is_shown() -> None:
    migration = foretold(shares_by="persistence")
    assert words.shares_title(migration, NAMES) == (
        "In 2024-04, *Tea* will probably hold 60 % (42 % to 58 %), as in 2024-03"
    )
    assert words.shares_note(migration).startswith(
        "No method foretold the shares of the last 8 windows better than “everything stays as it is”"
    )


def test_tables_for_reading() -> None:
    table = forecast_table(foretold(), NAMES)
    assert table["Interest"].tolist() == ["Tea", "Pots"]
    assert table["Change (points)"].round(1).tolist() == [-10, 10]
    scores = score_table(foretold())
    assert scores["Method"].tolist() == ["everything stays as it is", "habit"] * 4
    assert scores.loc[scores["Better"], "Of"].nunique() == 4
