import numpy as np

from recsys_core.catalogue.history import History
from recsys_core.training.examples import epoch_batches, gap_buckets, pad
from recsys_core.training.options import Part, TrainingOptions
from tests.training.logs import themed_dataset

DAY = 86_400


def history(*items: int) -> History:
    return History(
        np.array(items, np.int64),
        np.arange(len(items), dtype=np.int64) * DAY,
        np.ones(len(items), np.float32),
    )


def test_the_newest_events_are_kept_and_padding_is_minus_one() -> None:
    items, _ = pad([history(1, 2, 3), history(7)], longest=2)
    assert items.tolist() == [[2, 3], [7, -1]]


def test_an_empty_history_can_be_read() -> None:
    items, gaps = pad([history()], longest=5)
    assert (items.tolist(), gaps.tolist()) == ([[-1]], [[0]])


def test_gaps_grow_with_the_logarithm_of_days() -> None:
    times = np.array([0, 0, 1, 4, 4 + 10**6]) * DAY
    assert gap_buckets(times).tolist() == [0, 0, 2, 4, 23]


def test_a_hidden_domain_is_asked_for_and_never_shown() -> None:
    dataset, _ = themed_dataset(n_users=6)
    always = TrainingOptions(hide_domain=1.0)
    for batch in epoch_batches(dataset, always, np.random.default_rng(0)):
        for row in range(len(batch.items)):
            shown = dataset.item_domain[batch.items[row][batch.items[row] >= 0]]
            asked = dataset.item_domain[batch.item[batch.row == row]]
            assert set(shown.tolist()).isdisjoint(asked.tolist())


def test_without_hiding_nobody_loses_a_domain() -> None:
    dataset, _ = themed_dataset(n_users=6)
    never = TrainingOptions(hide_domain=1.0, without=(Part.HIDING,))
    (batch,) = epoch_batches(dataset, never, np.random.default_rng(0))
    for items in batch.items:
        assert set(dataset.item_domain[items[items >= 0]].tolist()) == {0, 1}


def test_without_crossing_each_event_asks_for_the_next_one_only() -> None:
    dataset, _ = themed_dataset(n_users=6)
    counts = {}
    for without in ((), (Part.CROSSING,)):
        options = TrainingOptions(hide_domain=0.0, targets_per_user=100, without=without)
        (batch,) = epoch_batches(dataset, options, np.random.default_rng(0))
        counts[without] = len(batch.item)
    assert counts[Part.CROSSING,] == dataset.n_events < counts[()]


def test_no_question_is_answered_by_what_was_already_read() -> None:
    dataset, _ = themed_dataset(n_users=6)
    never = TrainingOptions(hide_domain=0.0, targets_per_user=100)
    (batch,) = epoch_batches(dataset, never, np.random.default_rng(0))
    for row, position, item in zip(batch.row, batch.position, batch.item, strict=True):
        later = [i for u in range(6) for i in _later(dataset, u, batch.items[row], position)]
        assert item in later


def _later(dataset, user, read, position):  # type: ignore[no-untyped-def]
    items = dataset.history(user).items
    return items[position:] if items[: len(read)].tolist() == read.tolist() else []
