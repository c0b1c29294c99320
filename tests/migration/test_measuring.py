from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import CancelledError, NotEnoughDataError, NotFoundError
from recsys_core.logs.windows import WindowSize
from recsys_core.migration.measuring import measure_migration
from recsys_core.migration.mixes import measured_mixes
from recsys_core.progress import Silent

CELL = ["from_window", "to_window", "from_interest", "to_interest"]


def measure(worlds, rows, seed=0, shuffles=200, size=WindowSize.MONTH, level=0, **domains):
    dataset = worlds.dataset(rows, **domains)
    rng = np.random.default_rng(seed)
    known = worlds.interests(dataset), worlds.vectors(dataset)
    return measure_migration(dataset, *known, level, size, rng, shuffles=shuffles)


def test_nothing_is_claimed_where_nothing_moved(worlds):
    runs = [measure(worlds, worlds.random(seed), seed, 100, WindowSize.QUARTER) for seed in range(12)]
    assert sum(run.flows["significant"].any() for run in runs) <= 1
    assert sum(len(run.change_points) > 0 for run in runs) <= 1
    assert sum(int(run.users["flagged"].sum()) for run in runs) <= 2  # of 1,426


def test_a_planted_move_is_found_and_next_to_nothing_else(worlds):
    planted = ("2013-Q2", "2013-Q3", 1, 3)
    others = 0
    for seed, noise in enumerate([0.0, 0.2] * 4):
        rows = worlds.random(seed, n_users=160, events=24, movers=40, noise=noise)
        flows = measure(worlds, rows, seed, size=WindowSize.QUARTER).flows
        cells = flows[flows["significant"]].set_index(CELL)
        assert cells.loc[planted, "low"] > cells.loc[planted, "expected"]
        others += len(cells) - 1
    assert others <= 2


def test_the_month_of_change_is_found(worlds):
    found = measure(worlds, worlds.random(4, n_users=160, events=40, movers=60)).change_points
    first = found.sort_values("p").groupby("interest").first()
    assert first.loc[1, "direction"] == "fading"
    assert first.loc[3, "direction"] == "rising"
    assert set(first.loc[[1, 3], "window"]) <= {"2013-06", "2013-07", "2013-08"}


def test_a_move_from_one_domain_to_another(worlds):
    """Half of the users leave baking films for coffee books in July; the others have no habit at all."""
    rng = np.random.default_rng(0)
    rows = []
    for user, month, day in product(range(60), range(1, 13), (5, 15, 25)):
        moves, late = user < 30, month >= 7
        interest = (3 if late else 1) if moves else int(rng.integers(5))
        book = late if moves else rng.random() < 0.5
        rows.append(
            (f"u{user:02d}", f"2013-{month:02d}-{day:02d}", interest, 2 * int(rng.integers(3)) + book)
        )
    found = measure(worlds, rows, size=WindowSize.QUARTER, domains=("films", "books")).between_domains
    cells = found[found["significant"]][[*CELL, "from_domain", "to_domain"]]
    assert cells.to_numpy().tolist() == [["2013-Q2", "2013-Q3", 1, 3, "films", "books"]]


def test_rows_sum_to_one_and_small_groups_are_not_tested(worlds):
    found = measure(worlds, worlds.random(6, n_users=40))
    rows = found.flows.groupby(["from_window", "from_interest"])
    assert np.allclose(rows["share"].sum(), 1)
    assert np.allclose(rows["expected"].sum(), 1)
    small = found.flows[found.flows["n_users"] < 10]
    assert len(small)
    assert (small["p"] == 1).all()
    assert found.windows["n_events"].sum() == 40 * 16


def test_a_window_without_users_and_users_with_one_event(worlds):
    rows = [(f"u{i:02d}", "2013-01-10", i % 5, 0) for i in range(20)]
    rows += [(f"v{i:02d}", "2013-03-10", i % 5, 0) for i in range(20)]
    found = measure(worlds, rows)
    assert found.windows["n_users"].tolist() == [20, 0, 20]
    assert found.flows.empty
    assert found.change_points.empty
    assert found.users.empty
    assert set(found.shares["window"]) == {"2013-01", "2013-03"}


def test_returning_users_who_skip_a_window_give_no_flow(worlds):
    rows = [(f"u{i:02d}", f"2013-{m:02d}-10", i % 5, 0) for i in range(20) for m in (1, 3)]
    found = measure(worlds, rows)
    assert found.flows.empty


def test_two_users(worlds):
    found = measure(worlds, worlds.random(0, n_users=2))
    assert not found.flows["significant"].any()


def test_a_single_interest_only_stays(worlds):
    worlds.names = ("everything",)
    found = measure(worlds, [(f"u{i}", f"2013-0{m}-01", 0, 0) for i in range(12) for m in (1, 2, 3)])
    assert found.flows[
        ["from_interest", "to_interest", "share", "p"]
    ].drop_duplicates().to_numpy().tolist() == [[0, 0, 1, 1]]
    assert (found.change_points.empty, found.users.empty) == (True, True)


def test_a_log_too_long_for_memory_is_measured_the_same(worlds, monkeypatch, tmp_path):
    """By pieces of a hundred events, with mixes on disk."""
    rows = worlds.random(5, n_users=60, events=24, movers=20)
    dataset = worlds.dataset(rows)
    known = worlds.interests(dataset), worlds.vectors(dataset), 0, WindowSize.QUARTER

    def measured(log):
        return measure_migration(log, *known, np.random.default_rng(0), shuffles=20).parts()

    whole = measured(dataset)
    for module in ("catalogue.dataset", "migration.mixes", "migration.crowd", "migration.taste"):
        monkeypatch.setattr(f"recsys_core.{module}.PIECE_EVENTS", 100)
    long = replace(dataset, folder=tmp_path)
    assert isinstance(measured_mixes(long, known[0], 0, WindowSize.QUARTER).share.base, np.memmap)
    for name, frame in measured(long).frames.items():
        pd.testing.assert_frame_equal(frame, whole.frames[name], obj=name, rtol=1e-12)


def test_one_window_or_no_event_is_a_plain_sentence(worlds):
    rows = [("ann", "2013-01-05", 1, 0), ("bob", "2013-01-05", 1, 0)]
    with pytest.raises(NotEnoughDataError, match=r"one month \(2013-01\).*Import a longer log"):
        measure(worlds, rows)
    with pytest.raises(NotEnoughDataError, match=r"one year \(2013\).*shorter window"):
        measure(worlds, rows, size=WindowSize.YEAR)
    empty = worlds.dataset(rows).select_events(np.zeros(2, bool))
    known, rng = (worlds.interests(empty), worlds.vectors(empty)), np.random.default_rng(0)
    with pytest.raises(NotEnoughDataError, match="no events"):
        measure_migration(empty, *known, 0, WindowSize.MONTH, rng)


def test_a_forecast_comes_with_it(worlds):
    found = measure(worlds, worlds.random(4, n_users=60, events=40, movers=30), shuffles=20)
    assert found.forecast["to_window"].unique().tolist() == ["2014-01"]
    assert found.forecast_scores["measure"].nunique() == 4
    assert found.next_mixes["user"].nunique() == 60
    assert found.document["no_forecast"] == ""


def test_two_windows_are_too_few_for_a_forecast(worlds):
    found = measure(worlds, worlds.random(4, n_users=20, months=2, move=1), shuffles=10)
    assert found.forecast.empty
    assert found.document["no_forecast"].startswith("A forecast needs four whole windows")


def test_an_unknown_level_is_told(worlds):
    with pytest.raises(NotFoundError, match="no level 1"):
        measure(worlds, worlds.random(0, n_users=3), level=1)


class Impatient(Silent):
    def check_cancelled(self):
        raise CancelledError("stop")


def test_cancelling_stops_between_shuffles(worlds):
    dataset = worlds.dataset(worlds.random(0, n_users=20))
    known, rng = (worlds.interests(dataset), worlds.vectors(dataset)), np.random.default_rng(0)
    with pytest.raises(CancelledError):
        measure_migration(dataset, *known, 0, WindowSize.MONTH, rng, Impatient())


def test_the_same_seed_gives_the_same_result(worlds):
    first, second = (measure(worlds, worlds.random(3, n_users=40), seed=9, shuffles=30) for _ in range(2))
    for name in first.parts().frames:
        pd.testing.assert_frame_equal(getattr(first, name), getattr(second, name))
