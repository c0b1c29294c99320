"""Answering a ``Question``: flows between two windows, or along all of them, of a part of the crowd."""

from typing import Any

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import (
    COHORT,
    DOMAIN,
    FEWEST,
    FROM_WINDOW,
    INTEREST,
    LEVEL,
    N_USERS,
    SHARE,
    TO_WINDOW,
    WINDOW,
    WINDOW_SIZE,
)
from recsys_core.errors import InputError, NotFoundError
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.arrays import Flags, Floats, Ints
from recsys_core.migration.cells import flow_cells, no_cells
from recsys_core.migration.flows import centroid_distances
from recsys_core.migration.layout import Layout, lay_out
from recsys_core.migration.measuring import SHUFFLES
from recsys_core.migration.mixes import mix_of
from recsys_core.migration.null import one_after_another, weigh_flows
from recsys_core.migration.question import Answer, Question
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.progress import Progress, Silent


def answer_question(
    dataset: Dataset,
    interests: Interests,
    question: Question,
    rng: np.random.Generator,
    progress: Progress | None = None,
    shuffles: int = SHUFFLES,
) -> Answer:
    """Where interests went, against the same null as ``measure_migration``: the shuffles run over all events
    of the users active in both windows of any step.

    Nobody in both: no flows. Raises NotFoundError for a window, level or domain that is not there,
    InputError where the second window of a pair is not later.
    """
    ids = interests.at_level(question.level)[INTEREST].to_numpy(np.int64)
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize(question.window))
    compared = _compared(windows, question.pair)
    codes = interests.item_interest[question.level] - ids[0]
    layout = _crowd(dataset, windows, question)
    left, _ = layout.pairs(compared)
    moving = layout.select_users(_among(layout.slot_user[left], dataset.n_users))
    starts = np.flatnonzero(compared >= 0)
    steps = [(windows[start], windows[compared[start]]) for start in starts]
    flows = no_cells()
    if moving.n_slots:
        cost = centroid_distances(interests.centroids[ids])
        evidence = weigh_flows(moving, codes, cost, compared, rng, shuffles, progress or Silent())
        everywhere = np.ones((len(ids), len(ids)), np.bool_)
        flows = flow_cells(evidence, steps, ids.tolist(), everywhere)
    people = np.bincount(layout.slot_window[left], minlength=len(windows))[starts]
    facts = _facts(question, shuffles) | {"n_users": len(np.unique(moving.slot_user))}
    mixes = mix_of(layout.slot, codes[layout.item], layout.weight, (layout.n_slots, len(ids)))
    return Answer(flows, _held(layout, mixes, windows, ids, starts), _step_table(steps, people), facts)


def _compared(windows: tuple[Window, ...], pair: tuple[str, str] | None) -> Ints:
    """(W,) window that each is compared with, -1: none."""
    if pair is None:
        return one_after_another(len(windows))
    first, second = (_position(windows, name) for name in pair)
    if second <= first:
        raise InputError(f"{pair[1]} is not after {pair[0]}.", "Choose a later window.")
    compared = np.full(len(windows), -1)
    compared[first] = second
    return compared


def _crowd(dataset: Dataset, windows: tuple[Window, ...], question: Question) -> Layout:
    layout = lay_out(dataset, windows, dataset.domain_index(question.domain) if question.domain else None)
    kept = np.bincount(layout.user, minlength=dataset.n_users) >= question.fewest
    if question.users is not None:
        kept &= _among(np.asarray(question.users, np.int64), dataset.n_users)
    return layout.select_users(kept)


def _among(users: Ints, n_users: int) -> Flags:
    """(U,) who is one of the row numbers ``users``."""
    among = np.zeros(n_users, np.bool_)
    among[users] = True
    return among


def _held(
    layout: Layout, mixes: Floats, windows: tuple[Window, ...], interests: Ints, starts: Ints
) -> pd.DataFrame:
    """The mean mix of everybody in each of the windows ``starts`` (positions); 0 where there is nobody."""
    total = np.zeros((len(windows), len(interests)))
    np.add.at(total, layout.slot_window, mixes)
    people = np.bincount(layout.slot_window, minlength=len(windows))
    share = (total / np.maximum(people, 1)[:, None])[starts]
    names = np.repeat(np.array([windows[start].id for start in starts], object), len(interests))
    window = pd.Series(names, dtype="str")
    return pd.DataFrame({WINDOW: window, INTEREST: np.tile(interests, len(starts)), SHARE: share.ravel()})


def _step_table(steps: list[tuple[Window, Window]], people: Ints) -> pd.DataFrame:
    columns = {
        name: pd.Series([step[side].id for step in steps], dtype="str")
        for side, name in enumerate((FROM_WINDOW, TO_WINDOW))
    }
    return pd.DataFrame({**columns, N_USERS: people.astype(np.int64)})


def _facts(question: Question, shuffles: int) -> dict[str, Any]:
    return {
        "shuffles": shuffles,
        "smallest_group": SMALLEST_GROUP,
        WINDOW_SIZE: question.window,
        LEVEL: question.level,
        DOMAIN: question.domain,
        FEWEST: question.fewest,
        COHORT: None if question.users is None else len(question.users),
    }


def _position(windows: tuple[Window, ...], name: str) -> int:
    ids = [window.id for window in windows]
    if name not in ids:
        raise NotFoundError(f"There is no window {name!r}.", f"The log goes from {ids[0]} to {ids[-1]}.")
    return ids.index(name)
