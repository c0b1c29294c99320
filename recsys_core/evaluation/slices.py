"""For whom a recommender is good: its numbers by groups of people, and the largest gap between groups."""

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import USER
from recsys_core.evaluation.attribute_groups import attribute_groups
from recsys_core.privacy import may_be_told
from recsys_core.randomness import rng_from
from recsys_core.recommend.paired import SAMPLES

Numbers = NDArray[np.float64]
Rows = NDArray[np.int64]
HEAD_SHARE: Final = 0.8
FEWEST: Final = 50
SLICE_COLUMNS: Final = ("slice", "group", "model", "mean", "low", "high", "n_users")
GAP_COLUMNS: Final = ("slice", "model", "highest", "lowest", "gap", "low", "high", "by_chance", "n_groups")
SHUFFLES: Final = 500
_NUMBER: Final = re.compile(r"(?:over )?(-?\d[\d,]*(?:\.\d+)?)")


def is_head(dataset: Dataset, target: int) -> NDArray[np.bool_]:
    """(T,) whether an item is in the head: the fewest items that hold 80 % of the target's events."""
    items = dataset.domain_items(target)
    events = np.bincount(dataset.item, minlength=dataset.n_items)[items]
    order = np.argsort(-events, kind="stable")
    before = np.cumsum(events[order]) - events[order]
    head = np.zeros(len(items), bool)
    head[order[before < HEAD_SHARE * events.sum()]] = True
    return head


def main_interest(interests: Rows) -> int:
    """The commonest of ``interests`` (n,), n ≥ 1; the smallest id among equals."""
    return int(np.bincount(interests).argmax())


def labels(per_user: pd.DataFrame) -> dict[str, pd.Series]:
    """The groups of each user (rows by user), by slice: ``activity`` (terciles of known events),
    ``truth`` (head, tail or both), ``interest`` (commonest of the truth, where there are interests), and
    those of ``attribute_groups``.
    """
    people = per_user.groupby(USER).first()
    found = {"activity": _terciles(people["n_known"])}
    head = people["truth_head"]
    found["truth"] = pd.Series(
        np.select([head == 1, head == 0], ["only much taken", "only seldom taken"], "both"), people.index
    )
    if (people["truth_interest"] >= 0).any():
        found["interest"] = people["truth_interest"].astype(str)
    return found | attribute_groups(people)


def slice_scores(by_user: pd.DataFrame, names: Sequence[str], groups: pd.Series, title: str) -> pd.DataFrame:
    """Columns ``SLICE_COLUMNS``: the mean of each model in each group that ``may_be_told``, with its 95 %
    percentile interval over users. ``by_user``: a column per model, rows as in ``groups``.
    """
    rows = []
    values, sizes = by_user[list(names)].to_numpy(np.float64), groups.value_counts()
    for group in sorted(sizes.index[may_be_told(sizes, apart=True)], key=_order):
        inside = (groups == group).to_numpy()
        samples = _group_means(values[inside], np.zeros(inside.sum(), np.int64), 1)[:, 0]
        lows, highs = np.percentile(samples, [2.5, 97.5], axis=0)
        means = values[inside].mean(0)
        for name, *numbers in zip(names, means, lows, highs, strict=True):
            rows.append((title, group, name, *map(float, numbers), int(inside.sum())))
    return pd.DataFrame(rows, columns=list(SLICE_COLUMNS))


def largest_gaps(by_user: pd.DataFrame, names: Sequence[str], groups: pd.Series, title: str) -> pd.DataFrame:
    """Columns ``GAP_COLUMNS``: per model the largest difference between the means of two groups of 50 users
    or more, and its 95 % percentile interval. The largest of several is above 0 even where groups are alike:
    ``by_chance`` is what it stays below in 95 % of 500 shuffles of the groups (Fisher 1935). Empty with
    fewer than two groups.
    """
    sizes = groups.value_counts()
    kept = sorted(sizes.index[sizes >= FEWEST], key=_order)
    if len(kept) < 2:
        return pd.DataFrame(columns=list(GAP_COLUMNS))
    inside = groups.isin(kept).to_numpy()
    values = by_user[list(names)].to_numpy(np.float64)[inside]
    code = np.array([kept.index(group) for group in groups[inside]])
    samples = np.ptp(_group_means(values, code, len(kept)), axis=1)
    rng = rng_from(0, "shuffled groups", title)
    shuffled = [np.ptp(_means(values, rng.permutation(code), len(kept)), axis=0) for _ in range(SHUFFLES)]
    means = _means(values, code, len(kept))
    lows, highs = np.percentile(samples, [2.5, 97.5], axis=0)
    rows = [
        (
            *(title, name, kept[int(means[:, at].argmax())], kept[int(means[:, at].argmin())]),
            *(float(np.ptp(means[:, at])), float(lows[at]), float(highs[at])),
            *(float(np.percentile(np.array(shuffled)[:, at], 95)), len(kept)),
        )
        for at, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=list(GAP_COLUMNS))


def _group_means(values: Numbers, code: Rows, n_groups: int) -> Numbers:
    """(S, G, M) means of ``values`` (P, M) per group over people drawn within each group."""
    rng, found = rng_from(0, "slices"), np.zeros((SAMPLES, n_groups, values.shape[1]))
    for group in range(n_groups):
        part = values[code == group]
        drawn = rng.multinomial(len(part), np.full(len(part), 1 / len(part)), SAMPLES)
        found[:, group] = drawn @ part / len(part)
    return found


def _means(values: Numbers, code: Rows, n_groups: int) -> Numbers:
    """(G, M) means of ``values`` (P, M) per group."""
    member = np.zeros((n_groups, len(code)))
    member[code, np.arange(len(code))] = 1
    means: Numbers = member @ values / member.sum(1, keepdims=True)
    return means


def _terciles(known: pd.Series) -> pd.Series:
    """Three groups as even as ties allow, told by their numbers of events, e.g. ``1 to 3``."""
    cuts = np.unique(np.quantile(known, [1 / 3, 2 / 3], method="lower"))
    code = np.searchsorted(cuts, known, side="left")
    bounds = {at: (int(known[code == at].min()), int(known[code == at].max())) for at in np.unique(code)}
    told = {at: str(low) if low == high else f"{low} to {high}" for at, (low, high) in bounds.items()}
    return pd.Series([told[at] for at in code], known.index)


def _order(group: str) -> tuple[int, float, str]:
    """Words, then what lies below a bound, then by the first number; last what stands for several values or
    for none, in brackets.
    """
    number = _NUMBER.match(group)
    if number:
        return 2, float(number[1].replace(",", "")), group
    return (3 if group.startswith("(") else int(group.lower().startswith(("up to ", "under ")))), 0, group
