import numpy as np

from recsys_core.recommend.answers import Answers
from recsys_core.recommend.blend_weights import (
    by_knowledge,
    joined,
    learn_shrink,
    learn_weights,
    pool_of,
    simplex,
    standardised,
)
from recsys_core.recommend.profile import Profile

RNG = np.random.default_rng(0)


def _answers(truth: list[int]) -> Answers:
    return Answers((Profile.nothing(),) * len(truth), tuple(np.array([t]) for t in truth))


def test_standardised_rows() -> None:
    found = standardised(np.array([[1, 3], [5, 5]], np.float32))
    np.testing.assert_allclose(found, [[-1, 1], [0, 0]])


def test_simplex_deals_everything() -> None:
    assert sorted(simplex(2, 2).tolist()) == [[0, 1], [0.5, 0.5], [1, 0]]
    assert len(simplex(6, 4)) == 126


def test_pool_keeps_the_top_and_the_truth() -> None:
    scores = np.array([[9, 8, 1, 0, 2]], np.float32)
    pool = pool_of([scores], _answers([3]), size=2)
    np.testing.assert_allclose(pool.scores[0, 0], standardised(scores)[0, [0, 1, 3]])
    assert pool.truth[0].tolist() == [2]


def test_two_halves_of_the_truth_share_the_say() -> None:
    # Each recommender sees one half of every answer, over a noise that hides it from either alone.
    people, items = 60, 40
    truth = RNG.integers(items, size=people)
    signal = np.zeros((people, items))
    signal[np.arange(people), truth] = 1.5
    first, second = ((signal + RNG.normal(size=(people, items))).astype(np.float32) for _ in range(2))
    popular = np.tile(RNG.normal(size=items).astype(np.float32), (people, 1))
    weights = learn_weights(pool_of([first, second, popular], _answers(truth.tolist())), 2, RNG)
    assert weights.sum() == 1 or abs(weights.sum() - 1) < 1e-9
    assert weights[0] > 0.2
    assert weights[1] > 0.2
    assert 0 < weights[2] < 0.3


def test_noise_has_next_to_no_say_beside_what_helps() -> None:
    people, items = 60, 40
    truth = RNG.integers(items, size=people)
    good = RNG.normal(size=(people, items)).astype(np.float32)
    good[np.arange(people), truth] += 2.5
    noise = RNG.normal(size=(people, items)).astype(np.float32)
    popular = np.tile(RNG.normal(size=items).astype(np.float32), (people, 1))
    weights = learn_weights(pool_of([good, noise, popular], _answers(truth.tolist())), 2, RNG)
    assert weights[0] > 0.7
    assert weights[1] < 0.05


def test_noise_loses_to_popularity() -> None:
    people, items = 60, 40
    popular = np.tile(np.arange(items, dtype=np.float32), (people, 1))
    noise = RNG.normal(size=(people, items)).astype(np.float32)
    truth = RNG.integers(30, 40, size=people).tolist()
    assert learn_weights(pool_of([noise, popular], _answers(truth)), 1, RNG).tolist() == [0, 1]


def test_two_popularities_together_are_no_evidence_of_transfer() -> None:
    # Half of the people take what the one has on top, half what the other has: both together beat either.
    people, items = 200, 40
    ever, lately = (np.tile(np.eye(items, dtype=np.float32)[top], (people, 1)) for top in (0, 1))
    truth = np.arange(people) % 2
    noise = RNG.normal(size=(people, items)).astype(np.float32)
    pool = pool_of([ever, lately, noise], _answers(truth.tolist()))
    alone = learn_weights(pool, 0, RNG)
    assert min(alone[0], alone[1]) > 0.2
    assert learn_weights(pool, 0, RNG, [0, 1]).tolist() == [1, 0, 0]


def test_a_gain_over_two_popularities_stays() -> None:
    people, items = 200, 40
    ever, lately = (np.tile(RNG.normal(size=items).astype(np.float32), (people, 1)) for _ in range(2))
    truth = RNG.integers(items, size=people)
    good = RNG.normal(size=(people, items)).astype(np.float32)
    good[np.arange(people), truth] += 2.5
    pool = pool_of([ever, lately, good], _answers(truth.tolist()))
    np.testing.assert_array_equal(
        learn_weights(pool, 0, np.random.default_rng(1), [0, 1]),
        learn_weights(pool, 0, np.random.default_rng(1)),
    )


def test_the_less_is_known_the_more_popularity_counts() -> None:
    found = by_knowledge(np.array([1.0, 0.0]), 1, np.array([0.0, 1.0, 3.0]), 3)
    np.testing.assert_allclose(found, [[0, 1], [0.25, 0.75], [0.5, 0.5]])
    np.testing.assert_array_equal(by_knowledge(np.array([1.0, 0.0]), 1, np.array([0.0]), 0), [[1, 0]])


def test_learns_that_little_says_little() -> None:
    """Who has one item is asked for what is popular, and their taste is noise; who has 50 is not."""
    people, items = 80, 40
    known = np.repeat([1.0, 50.0], people // 2)
    truth = np.where(known == 1, 39, RNG.integers(39, size=people))
    popular = np.tile(np.arange(items, dtype=np.float32), (people, 1))
    taste = RNG.normal(size=(people, items)).astype(np.float32)
    taste[np.arange(people), truth] += np.where(known == 1, 0, 4)
    pool = pool_of([taste, popular], _answers(truth.tolist()))
    assert learn_shrink(pool, np.array([1.0, 0.0]), 1, known) > 0
    assert learn_shrink(pool_of([popular, popular], _answers(truth.tolist())), np.eye(2)[0], 1, known) == 0
    assert learn_shrink(pool, np.array([0.0, 1.0]), 1, known) == 0


def test_a_few_people_at_a_time_make_the_same_pool() -> None:
    scores = [RNG.normal(size=(10, 30)).astype(np.float32) for _ in range(3)]
    answers = _answers(RNG.integers(30, size=10).tolist())
    whole = pool_of(scores, answers, size=4)
    parts = [
        pool_of([each[at : at + 3] for each in scores], part, size=4)
        for at, part in zip(range(0, 10, 3), answers.parts(3), strict=True)
    ]
    np.testing.assert_array_equal(joined(parts).scores, whole.scores)
    assert [true.tolist() for true in joined(parts).truth] == [true.tolist() for true in whole.truth]
