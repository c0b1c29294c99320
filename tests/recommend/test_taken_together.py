import numpy as np
import pytest

from recsys_core.recommend.taken_together import pairs_together, passing_on, taken_together
from tests.recommend.shop import row, rows_of, titles, training

RNG = np.random.default_rng(0)
CUP, MUG, SPOON = 0, 2, 4  # "cup 1", "mug 1" and "spoon" among the kitchen's items


def test_the_chance_that_one_is_taken_with_another_is_shrunk() -> None:
    """Of 30 people 8 took "cup 1"; all of them took the spoon."""
    known = training()
    assert titles(known.dataset, known.items[[CUP, MUG, SPOON]]) == ["cup 1", "mug 1", "spoon"]
    found = taken_together(known, RNG).toarray()
    cups = int((known.dataset.item == row(known.dataset, "cup 1")).sum())
    assert found[CUP, SPOON] == pytest.approx(cups / (cups + 60))
    assert found[SPOON, CUP] == pytest.approx(cups / (30 + 60))
    assert found[CUP, MUG] == 0
    assert not found.diagonal().any()


def test_what_one_person_alone_took_together_does_not_count() -> None:
    lonely = [("odd", "kitchen", "cup 1", 1), ("odd", "kitchen", "mug 1", 2)]
    assert taken_together(training(rows_of() + lonely), RNG)[CUP, MUG] == 0
    twice = [(f"odd {n}", *event[1:]) for n in (1, 2) for event in lonely]
    assert taken_together(training(rows_of() + twice), RNG)[CUP, MUG] > 0


def test_what_is_expected_stays_and_a_share_goes_on() -> None:
    known = training()
    expected = np.array([1, 0, 0, 0, 0], np.float32)
    chance = taken_together(known, RNG)[CUP, SPOON]
    np.testing.assert_allclose(expected @ passing_on(known, 0.5, RNG), [1, 0, 0, 0, chance / 2])


def test_at_most_so_many_people_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    known = training()
    assert pairs_together(known) == 25  # never more than there are
    monkeypatch.setattr("recsys_core.recommend.taken_together.MOST_TAKERS", 3)
    assert pairs_together(known) == 3 * 2**2
    assert taken_together(known, RNG).data.max() <= 3 / (3 + 60)
