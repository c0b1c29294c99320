from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import NotFoundError
from recsys_core.logs.windows import WindowSize
from recsys_core.migration.changed_titles import changed_titles
from recsys_core.migration.measuring import measure_migration

MONTHS = ("2013-01", "2013-02", "2013-03", "2013-04")


def rows_of(item, months, users, interest=0):
    return [(f"u{user:02d}", f"{month}-10", interest, item) for month in months for user in range(users)]


@pytest.fixture(scope="module")
def world():
    """Of tea: i00 always, by 12 users, and less often from March on by 11; i01 new in March, by 20; i02 fades
    in March from 10 users to 9; i03 by 9 only. Knives: 20 events in every month but 40 in the last."""
    from tests.migration.conftest import Worlds

    worlds = Worlds()
    rows = [
        *rows_of(0, MONTHS[:2], 12),
        *rows_of(0, MONTHS[2:3], 11),
        *rows_of(1, MONTHS[2:], 20),
        *rows_of(2, MONTHS[:2], 10),
        *rows_of(2, MONTHS[2:], 9),
        *rows_of(3, MONTHS, 9),
        *rows_of(0, (*MONTHS, MONTHS[3]), 20, interest=2),
    ]
    dataset = worlds.dataset(rows)
    interests = worlds.interests(dataset)
    rng = np.random.default_rng(0)
    measured = measure_migration(
        dataset, interests, worlds.vectors(dataset), 0, WindowSize.MONTH, rng, shuffles=3
    )
    return dataset, interests, measured


def changed(world, changes, interest=0, window="2013-03"):
    dataset, interests, measured = world
    points = pd.DataFrame(changes, columns=["interest", "window"])
    return changed_titles(dataset, interests, replace(measured, change_points=points), interest, window)


def test_titles_by_what_they_gained_beyond_their_earlier_share(world):
    found = changed(world, [(0, "2013-03"), (2, "2013-02")])
    assert (found.before, found.after) == (MONTHS[:2], MONTHS[2:])
    table = found.table.set_index("item")
    assert table.index.tolist() == [1, 0, 2]
    columns = ["before", "after", "users_before", "users_after"]
    assert table[columns].to_numpy().tolist() == [[0, 40, 0, 20], [24, 11, 12, 11], [20, 0, 10, 0]]
    grown = (11 + 40 + 18 + 18 + 60) / (24 + 20 + 18 + 40)
    assert table["gained"].tolist() == pytest.approx([40, 11 - 24 * grown, -20 * grown])
    assert table["first_seen"].dropna().to_dict() == {1: pd.Timestamp("2013-03-10", tz="UTC")}


def test_a_change_is_compared_up_to_its_neighbours(world):
    found = changed(world, [(0, "2013-02"), (0, "2013-03"), (0, "2013-04")])
    assert (found.before, found.after) == (("2013-02",), ("2013-03",))
    assert found.table.set_index("item").loc[1, ["after", "users_after"]].tolist() == [20, 20]


def test_a_change_that_is_not_there_is_told(world):
    with pytest.raises(NotFoundError, match="did not change in '2013-04'"):
        changed(world, [(0, "2013-03"), (1, "2013-04")], window="2013-04")


def test_an_interest_of_few_people_has_no_rows(world):
    assert changed(world, [(4, "2013-03")], interest=4).table.empty
