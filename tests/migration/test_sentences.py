import dataclasses

import numpy as np
import pytest

from recsys_core.logs.windows import WindowSize
from recsys_core.migration.measuring import measure_migration
from recsys_core.migration.sentences import (
    change_sentence,
    flow_sentence,
    headlines,
    strongest_moves,
    users_sentence,
)

FLOW = {
    "from_window": "2013-Q1",
    "to_window": "2013-Q2",
    "from_interest": 1,
    "to_interest": 3,
    "share": 0.1402,
    "low": 0.1204,
    "high": 0.16,
    "excess": 0.061,
    "n_users": 1204,
}


@pytest.fixture
def interests(worlds):
    return worlds.interests(worlds.dataset([("ann", "2013-01-01", 0, 0)]))


def measured(worlds, **options):
    dataset = worlds.dataset(worlds.random(1, **options))
    interests, rng = worlds.interests(dataset), np.random.default_rng(0)
    known = interests, worlds.vectors(dataset)
    return measure_migration(dataset, *known, 0, WindowSize.QUARTER, rng, shuffles=100), interests


def test_a_move(interests):
    assert flow_sentence(FLOW, interests) == (
        "Of 1,204 users with an interest in baking in 2013-Q1 and active in 2013-Q2, "
        "14 % ± 2 % of that interest moved to coffee, 6 points more than by chance."
    )


def test_what_stayed_less_than_by_chance(interests):
    stayed = FLOW | {"to_interest": 1, "share": 0.7, "low": 0.688, "high": 0.712, "excess": -0.01}
    assert flow_sentence(stayed, interests) == (
        "Of 1,204 users with an interest in baking in 2013-Q1 and active in 2013-Q2, "
        "70 % ± 1.2 % of that interest stayed, 1 point less than by chance."
    )


def test_small_groups_are_not_described(interests):
    text = flow_sentence(FLOW | {"n_users": 9}, interests)
    assert text == "Fewer than 10 users held baking in 2013-Q1: not shown."


def test_a_change_of_share(interests):
    change = {"interest": 3, "window": "2013-Q3", "direction": "rising", "p": 1e-9, "shift": 0.083}
    assert change_sentence(change, interests) == "coffee rose by 8 points of attention from 2013-Q3 on."
    fading = change | {"direction": "fading", "shift": -0.004}
    assert change_sentence(fading, interests) == "coffee fell by 0.4 points of attention from 2013-Q3 on."


def test_headlines_tell_the_strongest_move_first(worlds):
    migration, interests = measured(worlds, n_users=160, events=24, movers=40)
    first, *_ = said = headlines(migration, interests, limit=2)
    assert len(said) == 2
    assert "interest in baking in 2013-Q2 and active in 2013-Q3" in first
    assert "moved to coffee" in first
    assert strongest_moves(migration).iloc[0]["to_interest"] == 3
    flagged = int(migration.users["flagged"].sum())
    assert users_sentence(migration) == (
        f"{flagged} of {len(migration.users)} users with enough events changed beyond chance, "
        "most of them in 2013-Q3."
    )


def test_nothing_moved(worlds):
    migration, interests = measured(worlds)
    cells = migration.document["tested_cells"]
    expected = f"Nothing moved beyond chance: {cells} possible moves were compared with 100 shuffles."
    assert headlines(migration, interests) == (expected,)
    nobody = dataclasses.replace(migration, document={**migration.document, "tested_cells": 0})
    assert "Too few users" in headlines(nobody, interests)[0]
    assert users_sentence(migration) == "Fewer than 10 of 120 users changed beyond chance."
