"""From histories to batches: what the user tower reads and what it is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.history import History
from recsys_core.training.chance import WHOLE, Cut
from recsys_core.training.options import Part, TrainingOptions

GAP_BUCKETS = 24
DAY = 86_400
BATCHES_TOGETHER = 16

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """``items``: (B, T) item rows, -1 where padded, oldest first from the left.
    ``gaps``: (B, T) bucket of the time since the event before.
    Questions, in three aligned (Q,) arrays: after ``position`` events of sequence ``row``, the
    answer is ``item``. What is no wrong answer either, in two aligned (N,) arrays: to question
    ``other_row`` the item ``other_item``, which the user took before or after. ``cut``: which rows of a
    larger batch these are.
    """

    items: Ints
    gaps: Ints
    row: Ints
    position: Ints
    item: Ints
    other_row: Ints
    other_item: Ints
    cut: Cut = WHOLE

    @property
    def arrays(self) -> tuple[Ints, ...]:
        """All of them, in this order."""
        return tuple(part for part in vars(self).values() if part is not self.cut)


def pad(histories: Sequence[History], longest: int) -> tuple[Ints, Ints]:
    """Items (B, T) and gap buckets (B, T) of the newest ``longest`` events of each history."""
    width = max(1, min(longest, max((len(h) for h in histories), default=1)))
    items = np.full((len(histories), width), -1, np.int64)
    gaps = np.zeros((len(histories), width), np.int64)
    for row, history in enumerate(histories):
        newest = history.items[-width:]
        items[row, : len(newest)] = newest
        gaps[row, : len(newest)] = gap_buckets(history.times)[-width:]
    return items, gaps


def gap_buckets(times: Ints) -> Ints:
    """(H,) logarithmic bucket, 0…GAP_BUCKETS-1, of the days since the event before (0 for the first)."""
    days = np.diff(times, prepend=times[:1]) / DAY
    buckets: Ints = np.minimum(np.ceil(2 * np.log2(1 + days)), GAP_BUCKETS - 1).astype(np.int64)
    return buckets


def batches_per_epoch(dataset: Dataset, options: TrainingOptions) -> int:
    """How many batches ``epoch_batches`` gives."""
    return -(-int((np.diff(dataset.offsets) >= 2).sum()) // options.batch_users)


def epoch_batches(dataset: Dataset, options: TrainingOptions, rng: np.random.Generator) -> Iterator[Batch]:
    """Every user with two events or more once, ``batch_users`` at a time, in random order.

    Users of a batch have histories of like length, so that little of it is padding.
    """
    lengths = np.diff(dataset.offsets)
    users = rng.permutation(np.flatnonzero(lengths >= 2))
    together = BATCHES_TOGETHER * options.batch_users
    batches = []
    for at in range(0, len(users), together):
        some = users[at : at + together]
        some = some[np.argsort(np.minimum(lengths[some], options.longest), kind="stable")]
        batches += np.array_split(some, -(-len(some) // options.batch_users))
    for number in rng.permutation(len(batches)):
        yield _batch(dataset, batches[number], options, rng)


def _batch(dataset: Dataset, users: Ints, options: TrainingOptions, rng: np.random.Generator) -> Batch:
    histories: list[History] = []
    questions: list[Ints] = []
    others: list[Ints] = [np.zeros((0, 2), np.int64)]
    n_asked = 0
    for row, user in enumerate(users):
        history = dataset.history(int(user))
        hidden = _domain_to_hide(dataset.item_domain[history.items], options, rng)
        if hidden is None:
            shown, asked = _next_items(history, dataset, options, rng)
        else:
            shown, asked = _hidden_items(history, dataset.item_domain[history.items] == hidden, options, rng)
        histories.append(shown)
        questions.append(np.column_stack([np.full(len(asked), row), asked]))
        if options.has(Part.MASKING):
            others.append(_other_items(history, asked[:, 1], dataset.item_domain, n_asked))
        n_asked += len(asked)
    items, gaps = pad(histories, options.longest)
    row, position, item = np.concatenate(questions).T
    return Batch(items, gaps, row, position, item, *np.concatenate(others).T)


def _other_items(history: History, answers: Ints, item_domain: Ints, first: int) -> Ints:
    """(N, 2) pairs (answer's number from ``first`` on, item) of the user's other items in its domain."""
    taken = np.unique(history.items)
    beside = (answers[:, None] != taken) & (item_domain[answers][:, None] == item_domain[taken])
    number, at = np.nonzero(beside)
    return np.column_stack([first + number, taken[at]])


def _domain_to_hide(domains: Ints, options: TrainingOptions, rng: np.random.Generator) -> int | None:
    present = np.unique(domains)
    if len(present) < 2 or not options.has(Part.HIDING) or rng.random() >= options.hide_domain:
        return None
    return int(rng.choice(present))


def _next_items(
    history: History, dataset: Dataset, options: TrainingOptions, rng: np.random.Generator
) -> tuple[History, Ints]:
    """Ask at each event for the next one, and for the next one of another domain."""
    cut = history.newest(options.longest + 1)
    after = np.arange(len(cut))
    following = np.column_stack([after, cut.items])
    domains = dataset.item_domain[cut.items]
    elsewhere = _next_of_another_domain(domains)
    crossing = np.column_stack([after[elsewhere >= 0] + 1, cut.items[elsewhere[elsewhere >= 0]]])
    tasks = [following, crossing] if options.has(Part.CROSSING) else [following]
    asked = _sample(np.concatenate(tasks), options.targets_per_user, rng)
    shown = cut.without(len(cut) - 1)
    return shown, asked[asked[:, 0] <= len(shown)]


def _next_of_another_domain(domains: Ints) -> Ints:
    """(H,) position of the first later event of another domain; -1 where there is none."""
    found = np.full(len(domains), -1, np.int64)
    for at in range(len(domains) - 2, -1, -1):
        found[at] = at + 1 if domains[at + 1] != domains[at] else found[at + 1]
    return found


def _hidden_items(
    history: History, hidden: NDArray[np.bool_], options: TrainingOptions, rng: np.random.Generator
) -> tuple[History, Ints]:
    """Show all but one domain; ask at the end for that domain's items."""
    shown = history.only(~hidden)
    end = min(len(shown), options.longest)
    wanted = np.unique(history.items[hidden])
    asked = np.column_stack([np.full(len(wanted), end), wanted])
    return shown, _sample(asked, options.targets_per_user, rng)


def _sample(questions: Ints, most: int, rng: np.random.Generator) -> Ints:
    if len(questions) <= most:
        return questions
    return questions[rng.choice(len(questions), most, replace=False)]
