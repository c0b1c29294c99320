"""What the pages show after a person was removed: nothing that was made with them."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import ATLAS, HOME, JOURNEY, MIGRATION, SCORECARD, Place
from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import save_found

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.mark.parametrize(
    ("place", "query", "button"),
    [
        (ATLAS, {}, "start-interests"),
        (MIGRATION, {"by": "month"}, "start-migrate"),
        (SCORECARD, {"target": "kitchen"}, "start-evaluate"),
    ],
)
def test_results_made_with_a_person_are_not_shown(
    ws: Workspace, shop: DatasetInfo, open_page: Open, place: Place, query: dict[str, str], button: str
) -> None:
    save_found(ws, shop)
    forget(ws, "shop", "u07")
    assert button in [shown.key for shown in open_page(place, **query).button]


def test_what_has_a_row_per_person_goes_and_interests_stay_as_stale(ws: Workspace, shop: DatasetInfo) -> None:
    save_found(ws, shop)
    purged = forget(ws, "shop", "u07").purged
    assert (purged.deleted, purged.stale) == (("map", "migration", "scorecard"), ("interests",))


def test_home_and_journey_speak_of_the_new_version(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    forget(ws, "shop", "u07")
    assert "Pots" not in text_of(open_page(HOME))
    assert "u07" not in text_of(open_page(JOURNEY))
