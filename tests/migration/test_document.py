from dataclasses import replace

import pytest

from tests.pages.found import interests, migration


@pytest.mark.parametrize(
    ("tested", "flagged", "told"),
    [(100, 40, (100, 40)), (100, 9, (100, None)), (100, 95, (100, None)), (8, 3, (None, None))],
)
def test_how_many_changed_is_told_where_they_and_the_others_are_ten(tested, flagged, told):
    found = migration()
    facts = {**found.document, "tested_users": tested, "flagged_users": flagged}
    users = replace(found, document=facts).to_json(None, interests())["users"]
    assert (users["tested"], users["flagged"]) == told


def test_a_change_in_a_window_of_few_people_stays_in_the_house():
    found = migration()
    (window,) = set(found.change_points["window"])
    few = found.windows["n_users"].where(found.windows["window"] != window, 9)
    assert found.to_json(None, interests())["change_points"]
    small = replace(found, windows=found.windows.assign(n_users=few))
    assert small.to_json(None, interests())["change_points"] == []
