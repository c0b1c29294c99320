"""Measuring flows between any two windows: the answer to a ``Question``."""

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import INTEREST, SHARE
from recsys_core.errors import InputError, NotFoundError
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.arrays import Flags
from recsys_core.migration.cells import flow_cells, no_cells
from recsys_core.migration.flows import centroid_distances
from recsys_core.migration.layout import Layout, lay_out
from recsys_core.migration.measuring import SHUFFLES
from recsys_core.migration.mixes import mix_of
from recsys_core.migration.null import weigh_flows
from recsys_core.migration.pair import PairFlows, Question
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.progress import Progress, Silent


def measure_pair(
    dataset: Dataset,
    interests: Interests,
    question: Question,
    rng: np.random.Generator,
    progress: Progress | None = None,
    shuffles: int = SHUFFLES,
) -> PairFlows:
    """Where interests went from one window to a later one, against the same null as ``measure_migration``:
    the shuffles run over all events of the users active in both windows.

    Nobody in both: no flows. Raises NotFoundError for a window, level or domain that is not there,
    InputError where the second window is not later.
    """
    ids = interests.at_level(question.level)[INTEREST].to_numpy(np.int64)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize(question.window))
    first, second = (_position(windows, name) for name in (question.first, question.second))
    if second <= first:
        raise InputError(f"{question.second} is not after {question.first}.", "Choose a later window.")
    codes = interests.item_interest[question.level] - ids[0]
    layout = _crowd(dataset, windows, question)
    compared = np.full(len(windows), -1)
    compared[first] = second
    both = layout.select_users(_active(layout, first, dataset) & _active(layout, second, dataset))
    facts = {"n_users": len(np.unique(both.user)), "shuffles": shuffles, "smallest_group": SMALLEST_GROUP}
    flows = no_cells()
    if both.n_slots:
        cost = centroid_distances(interests.centroids[ids])
        evidence = weigh_flows(both, codes, cost, compared, rng, shuffles, progress or Silent())
        everywhere = np.ones((len(ids), len(ids)), np.bool_)
        flows = flow_cells(evidence, [(windows[first], windows[second])], ids.tolist(), everywhere)
    mixes = mix_of(layout.slot, codes[layout.item], layout.weight, (layout.n_slots, len(ids)))
    share = mixes[layout.slot_window == first].sum(axis=0) / max((layout.slot_window == first).sum(), 1)
    return PairFlows(flows, pd.DataFrame({INTEREST: ids, SHARE: share}), facts)


def _crowd(dataset: Dataset, windows: tuple[Window, ...], question: Question) -> Layout:
    layout = lay_out(dataset, windows, dataset.domain_index(question.domain) if question.domain else None)
    kept = np.bincount(layout.user, minlength=dataset.n_users) >= question.fewest
    if question.users is not None:
        kept &= np.isin(np.arange(dataset.n_users), question.users)
    return layout.select_users(kept)


def _active(layout: Layout, window: int, dataset: Dataset) -> Flags:
    """(U,) who has events in one window."""
    return np.bincount(layout.slot_user[layout.slot_window == window], minlength=dataset.n_users) > 0


def _position(windows: tuple[Window, ...], name: str) -> int:
    ids = [window.id for window in windows]
    if name not in ids:
        raise NotFoundError(f"There is no window {name!r}.", f"The log goes from {ids[0]} to {ids[-1]}.")
    return ids.index(name)
