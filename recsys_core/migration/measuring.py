"""Measuring migration: from a dataset and its interests to a ``Migration``."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import END, INTEREST, N_EVENTS, N_USERS, PARTIAL, START, WINDOW
from recsys_core.errors import NotEnoughDataError
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.cells import flow_cells, no_cells
from recsys_core.migration.change_points import find_change_points
from recsys_core.migration.crowd import Crowd, crowd_of, returning
from recsys_core.migration.discoveries import ALPHA
from recsys_core.migration.domains import crossing_cells, no_crossings, tag_interests
from recsys_core.migration.drift import user_drift
from recsys_core.migration.flows import centroid_distances
from recsys_core.migration.forecast import forecast_next
from recsys_core.migration.migration import Migration
from recsys_core.migration.mixes import Mixes, interest_mixes
from recsys_core.migration.null import FlowEvidence, one_after_another, weigh_flows
from recsys_core.migration.population import MOST_USERS, population_drift
from recsys_core.migration.shares import interest_shares
from recsys_core.migration.taste import learn_taste
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.progress import Progress, Silent

SHUFFLES = 300
_TOGETHER = 1_000_000  # mixes that are gone through at once


def measure_migration(
    dataset: Dataset,
    interests: Interests,
    text_vectors: NDArray[np.float32],
    level: int,
    size: WindowSize,
    rng: np.random.Generator,
    progress: Progress | None = None,
    shuffles: int = SHUFFLES,
) -> Migration:
    """Where users' interests of one ``level`` went, window by window, and what of it is beyond chance.

    ``text_vectors``: (I, dim) of the items, zero where unknown; a change of one user is looked for in them.
    Every number is compared with the same number after each user's items were shuffled among that user's
    own event times, ``shuffles`` times; what was done on one day stays together. Same data and same
    ``rng`` state: same result.
    Raises NotEnoughDataError without events or with all of them in one window, NotFoundError for a level
    that does not exist.
    """
    progress = progress or Silent()
    survey = _survey(dataset, interests, level, size)
    mixes = survey.mixes()
    progress.stage("Comparing moves with chance")
    evidence = survey.flows(rng, shuffles, progress)
    progress.stage("Comparing moves between domains with chance")
    crossings = survey.crossings(rng, shuffles, progress)
    progress.stage("Finding users who changed")
    taste = learn_taste(dataset, text_vectors, progress)
    users = user_drift(survey.crowd, taste, survey.windows, rng, shuffles, progress)
    progress.stage("Measuring shares and the crowd")
    flows = _cells(survey, evidence)
    (own,) = rng.spawn(1)  # so that what a forecast draws shifts nothing else
    outlook = forecast_next(mixes, survey.windows, survey.ids, size, own)
    return Migration(
        level=level,
        window_size=size.value,
        windows=survey.window_table(),
        flows=flows,
        between_domains=crossings,
        shares=survey.shares(mixes, rng),
        change_points=_change_points(survey, mixes, evidence),
        users=users,
        population=survey.population(rng, shuffles, progress),
        document=_facts(shuffles, flows, users) | {"no_forecast": outlook.lacking},
        forecast=outlook.shares,
        forecast_scores=outlook.scores,
        next_mixes=outlook.mixes,
    )


@dataclass(frozen=True, eq=False)
class _Survey:
    """One dataset seen at one level through one size of window. ``codes``: (I,) 0 … K-1; ``ids``: (K,)."""

    dataset: Dataset
    interests: Interests
    windows: tuple[Window, ...]
    crowd: Crowd
    codes: Ints
    ids: Ints
    centroids: Floats

    def mixes(self, domain: int | None = None) -> Mixes:
        return interest_mixes(self.dataset, self.windows, self.codes, len(self.ids), domain)

    def flows(self, rng: np.random.Generator, shuffles: int, progress: Progress) -> FlowEvidence | None:
        return self._weigh(self.codes, centroid_distances(self.centroids), rng, shuffles, progress)

    def crossings(self, rng: np.random.Generator, shuffles: int, progress: Progress) -> pd.DataFrame:
        tags = tag_interests(self.dataset, self.codes, self.centroids)
        evidence = self._weigh(tags.item_tag, tags.cost, rng, shuffles, progress) if tags else None
        if tags is None or evidence is None:
            return no_crossings()
        return crossing_cells(evidence, self.windows, tags, self.ids, self.dataset.domains)

    def population(self, rng: np.random.Generator, permutations: int, progress: Progress) -> pd.DataFrame:
        return population_drift(
            self.crowd, self.codes, self.windows, self.centroids, rng, permutations, progress
        )

    def shares(self, mixes: Mixes, rng: np.random.Generator) -> pd.DataFrame:
        parts = [interest_shares(mixes, self.windows, self.ids.tolist(), "", rng)]
        for domain, name in enumerate(self.dataset.domains):
            parts.append(interest_shares(self.mixes(domain), self.windows, self.ids.tolist(), name, rng))
        return pd.concat(parts, ignore_index=True)

    def window_table(self) -> pd.DataFrame:
        n = len(self.windows)
        users, events = np.zeros((2, n), np.int64)
        for block in self.crowd.blocks:
            users += np.bincount(block.slot_window, minlength=n)
            events += np.bincount(block.slot_window[block.slot], minlength=n)
        return pd.DataFrame(
            {
                WINDOW: pd.Series([window.id for window in self.windows], dtype="str"),
                START: pd.Series([window.start for window in self.windows]).dt.as_unit("us"),
                END: pd.Series([window.end for window in self.windows]).dt.as_unit("us"),
                PARTIAL: [window.partial for window in self.windows],
                N_USERS: users,
                N_EVENTS: events,
            }
        )

    def _weigh(
        self, codes: Ints, cost: Floats, rng: np.random.Generator, shuffles: int, progress: Progress
    ) -> FlowEvidence | None:
        crowd = self.crowd.narrowed(returning)
        if not any(block.n_slots for block in crowd.blocks):
            return None
        compared = one_after_another(len(self.windows))
        return weigh_flows(crowd, codes, cost, compared, rng, shuffles, progress)


def _survey(dataset: Dataset, interests: Interests, level: int, size: WindowSize) -> _Survey:
    ids = interests.at_level(level)[INTEREST].to_numpy(np.int64)
    if not dataset.n_events:
        raise NotEnoughDataError(f"The dataset {dataset.name!r} has no events.", "Import a log with events.")
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), size)
    if len(windows) == 1:
        raise NotEnoughDataError(
            f"All events of {dataset.name!r} lie in one {size.value} ({windows[0].id}); "
            "movement needs at least two windows.",
            "Import a longer log." if size is WindowSize.MONTH else "Choose a shorter window or import more.",
        )
    codes = interests.item_interest[level] - ids[0]  # ids of one level are consecutive
    centroids = interests.centroids[ids].astype(np.float64)
    return _Survey(dataset, interests, windows, crowd_of(dataset, windows), codes, ids, centroids)


def _cells(survey: _Survey, evidence: FlowEvidence | None) -> pd.DataFrame:
    if evidence is None:
        return no_cells()
    k = len(survey.ids)
    return flow_cells(
        evidence, list(pairwise(survey.windows)), survey.ids.tolist(), np.ones((k, k), np.bool_)
    )


def _change_points(survey: _Survey, mixes: Mixes, evidence: FlowEvidence | None) -> pd.DataFrame:
    totals = _window_totals(mixes, len(survey.windows))
    people = np.bincount(mixes.window, minlength=len(survey.windows))
    seen = np.flatnonzero(people)
    shuffled = (
        np.zeros((0, *totals.shape)) if evidence is None else evidence.window_sums + _fixed(survey, mixes)
    )
    share = totals[seen] / people[seen, None]
    names = [survey.windows[w].id for w in seen]
    return find_change_points(share, shuffled[:, seen] / people[seen, None], survey.ids.tolist(), names)


def _fixed(survey: _Survey, mixes: Mixes) -> Floats:
    """(W, K) the part of the totals that comes from users of one window, the same in every shuffle."""
    once = np.bincount(mixes.user, minlength=survey.dataset.n_users) == 1
    alone = (piece.select(once[piece.user]) for piece in mixes.pieces(_TOGETHER))
    return np.asarray(sum(_window_totals(piece, len(survey.windows)) for piece in alone))


def _window_totals(mixes: Mixes, n_windows: int) -> Floats:
    totals = np.zeros((n_windows, mixes.share.shape[1]))
    np.add.at(totals, mixes.window, mixes.share)
    return totals


def _facts(shuffles: int, flows: pd.DataFrame, users: pd.DataFrame) -> dict[str, Any]:
    tested = (flows["from_interest"] != flows["to_interest"]) & (flows[N_USERS] >= SMALLEST_GROUP)
    return {
        "shuffles": shuffles,
        "alpha": ALPHA,
        "smallest_group": SMALLEST_GROUP,
        "tested_cells": int(tested.sum()),
        "tested_users": len(users),
        "flagged_users": int(users["flagged"].sum()),
        "population_sample": MOST_USERS,
    }
