"""Answering a ``Question``: flows between two windows, or along all of them, of a part of the crowd."""

from functools import partial
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
from recsys_core.migration.arrays import Flags, Ints
from recsys_core.migration.cells import flow_cells, no_cells
from recsys_core.migration.crowd import Crowd, crowd_of
from recsys_core.migration.flows import centroid_distances
from recsys_core.migration.layout import Layout
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
    crowd = _crowd(dataset, windows, question)
    moving = crowd.narrowed(partial(_moving, compared))
    starts = np.flatnonzero(compared >= 0)
    steps = [(windows[start], windows[compared[start]]) for start in starts]
    people, n_users = _people(moving, compared)
    flows = no_cells()
    if n_users:
        cost = centroid_distances(interests.centroids[ids])
        evidence = weigh_flows(moving, codes, cost, compared, rng, shuffles, progress or Silent())
        everywhere = np.ones((len(ids), len(ids)), np.bool_)
        flows = flow_cells(evidence, steps, ids.tolist(), everywhere)
    held = _held(crowd, codes, windows, ids, starts)
    return Answer(
        flows, held, _step_table(steps, people[starts]), _facts(question, shuffles) | {"n_users": n_users}
    )


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


def _crowd(dataset: Dataset, windows: tuple[Window, ...], question: Question) -> Crowd:
    domain = dataset.domain_index(question.domain) if question.domain else None
    crowd = crowd_of(dataset, windows, domain).narrowed(partial(_busy, question.fewest))
    if question.users is None:
        return crowd
    among = np.zeros(dataset.n_users, np.bool_)
    among[np.asarray(question.users, np.int64)] = True
    return crowd.narrowed(partial(_among, among))


def _busy(fewest: int, layout: Layout) -> Layout:
    """Users with at least so many events."""
    return layout.select_users(np.bincount(layout.user) >= fewest)


def _among(among: Flags, layout: Layout) -> Layout:
    return layout.select_users(among)


def _moving(compared: Ints, layout: Layout) -> Layout:
    """Users active in both windows of any step."""
    left, _ = layout.pairs(compared)
    return layout.of_users(np.unique(layout.slot_user[left]))


def _people(moving: Crowd, compared: Ints) -> tuple[Ints, int]:
    """(W,) users active in each window and in the one that it is compared with, and how many in any."""
    people, n_users = np.zeros(len(compared), np.int64), 0
    for block in moving.blocks:
        left, _ = block.pairs(compared)
        people += np.bincount(block.slot_window[left], minlength=len(compared))
        n_users += len(np.unique(block.slot_user))
    return people, n_users


def _held(
    crowd: Crowd, codes: Ints, windows: tuple[Window, ...], interests: Ints, starts: Ints
) -> pd.DataFrame:
    """The mean mix of everybody in each of the windows ``starts`` (positions); 0 where there is nobody."""
    total = np.zeros((len(windows), len(interests)))
    people = np.zeros(len(windows), np.int64)
    for block in crowd.blocks:
        mixes = mix_of(block.slot, codes[block.item], block.weight, (block.n_slots, len(interests)))
        np.add.at(total, block.slot_window, mixes)
        people += np.bincount(block.slot_window, minlength=len(windows))
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
