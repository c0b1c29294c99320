from dataclasses import replace

import numpy as np
import pytest

from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.mixes import interest_mixes


def mixes_of(dataset, worlds, **options):
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.MONTH)
    return interest_mixes(dataset, windows, worlds.interests(dataset).item_interest[0], 5, **options)


ROWS = [("ann", "2013-01-05", 0, 0), ("ann", "2013-01-09", 1, 0), ("ann", "2013-02-01", 3, 1)]


def test_shares_are_weighted(worlds):
    dataset = replace(worlds.dataset(ROWS), weight=np.array([3, 1, 1], np.float32))
    mixes = mixes_of(dataset, worlds)
    assert mixes.share.tolist() == [[0.75, 0.25, 0, 0, 0], [0, 0, 0, 1, 0]]
    assert (mixes.user.tolist(), mixes.window.tolist(), mixes.n_events.tolist()) == ([0, 0], [0, 1], [2, 1])


def test_events_without_weight_count_only_where_there_is_nothing_else(worlds):
    dataset = replace(worlds.dataset(ROWS), weight=np.array([0, 1, 0], np.float32))
    share = mixes_of(dataset, worlds).share
    assert np.allclose(share, [[0, 1, 0, 0, 0], [0, 0, 0, 1, 0]], atol=1e-5)
    nothing = replace(dataset, weight=np.zeros(3, np.float32))
    assert mixes_of(nothing, worlds).share.tolist() == [[0.5, 0.5, 0, 0, 0], [0, 0, 0, 1, 0]]


def test_one_domain_alone(worlds):
    dataset = worlds.dataset(ROWS, domains=("films", "books"))  # even items are films, odd ones books
    assert mixes_of(dataset, worlds, domain=dataset.domain_index("books")).n_events.sum() == 1


def test_user_by_user_gives_what_all_at_once_gives(worlds, monkeypatch):
    dataset = worlds.dataset([*ROWS, ("bob", "2013-02-02", 1, 0), ("eve", "2013-01-02", 4, 0)])
    whole = mixes_of(dataset, worlds)
    monkeypatch.setattr("recsys_core.migration.mixes.PIECE_EVENTS", 1)
    parts = mixes_of(dataset, worlds)
    for name in ("user", "window", "share", "n_events"):
        np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name), name)


@pytest.mark.parametrize("rows", [1, 2, 5, 100])
def test_pieces_never_part_a_user(worlds, rows):
    whole = mixes_of(worlds.dataset(worlds.random(seed=2, n_users=9, events=6)), worlds)
    pieces = list(whole.pieces(rows))
    assert np.concatenate([piece.share for piece in pieces]).tolist() == whole.share.tolist()
    assert len({user for piece in pieces for user in set(piece.user.tolist())}) == sum(
        len(set(piece.user.tolist())) for piece in pieces
    )
    nobody = whole.select(whole.user < 0)
    assert [len(piece.user) for piece in nobody.pieces(rows)] == [0]
