"""A release: tables that may be published, and what goes with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import INTEREST, NAME
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.crowd import crowd_of
from recsys_core.migration.flows import centroid_distances
from recsys_core.parts import Parts
from recsys_core.release.grid import held, public_windows
from recsys_core.release.noise import Noisy, add_noise, reach, require_noise
from recsys_core.release.statement import statement
from recsys_core.release.sums import UNITS, Sums, bounded, sum_up
from recsys_core.release.tables import flow_table, people_table, share_table, with_epsilon
from recsys_core.release.terms import FLOWS, PEOPLE, SHARES, Terms

TABLES: Final = (PEOPLE, SHARES, FLOWS)


@dataclass(frozen=True, eq=False)
class Release:
    """``people``, ``shares``, ``flows``: see ``tables``, each with the column ``epsilon``. ``document``: see
    ``statement``, and ``n_windows`` (of the grid), ``n_windows_shown``, ``interests`` (``id``, ``name``).
    """

    document: Mapping[str, Any]
    people: pd.DataFrame
    shares: pd.DataFrame
    flows: pd.DataFrame

    def parts(self) -> Parts:
        """What is saved."""
        return Parts(self.document, {name: getattr(self, name) for name in TABLES})

    @classmethod
    def from_parts(cls, parts: Parts) -> "Release":
        """The inverse of ``parts``."""
        return cls(parts.document, *(parts.frames[name] for name in TABLES))


def exact_sums(
    dataset: Dataset, interests: Interests, terms: Terms, windows: tuple[Window, ...], chance: Floats
) -> Sums:
    """The bounded sums, without noise: not to leave the house. ``chance``: see ``bounded``."""
    ids = interests.at_level(terms.level)[INTEREST].to_numpy(np.int64)
    codes, cost = interests.item_interest[terms.level] - ids[0], centroid_distances(interests.centroids[ids])
    layouts = (bounded(block, terms.most_windows, chance) for block in crowd_of(dataset, windows).blocks)
    return reduce(Sums.plus, (sum_up(layout, codes, cost, len(windows)) for layout in layouts))


def make_release(
    dataset: Dataset, interests: Interests, terms: Terms, until: datetime, found_by: str
) -> Release:
    """Count, add noise, and tell. ``until``: when the dataset was imported. ``found_by``: see ``statement``.

    Twice the same question has two answers, of which each costs its ε. Raises NotFoundError for a level that
    does not exist, InputError where OpenDP is not installed.
    """
    opendp, windows = require_noise(), public_windows(WindowSize.parse(terms.window), until)
    chance = np.random.default_rng().random(dataset.n_users)  # no seed: a release is never made twice
    noisy, shown = _with_noise(exact_sums(dataset, interests, terms, windows, chance), terms)
    of_level = interests.at_level(terms.level)
    ids, ends = of_level[INTEREST].to_numpy(np.int64), [window.id for window in windows[shown]]
    tables = (
        people_table(noisy[PEOPLE], ends),
        share_table(noisy[SHARES], noisy[PEOPLE], ends, ids),
        flow_table(noisy[FLOWS], ends, ids),
    )
    named = of_level[[INTEREST, NAME]].rename(columns={INTEREST: "id"}).to_dict("records")
    grid = {"n_windows": len(windows), "n_windows_shown": len(ends), "interests": named}
    document = statement(terms, noisy, opendp, found_by) | grid
    return Release(document, *(with_epsilon(table, terms.epsilon) for table in tables))


def _with_noise(sums: Sums, terms: Terms) -> tuple[dict[str, Noisy], slice]:
    """The tables with noise, of the windows that may be shown; which those are follows from the first."""

    def noisy(table: str, values: Ints, unit: int) -> Noisy:
        return add_noise(values, terms.sensitivity(table) * unit, terms.epsilon_of(table))

    people = noisy(PEOPLE, sums.people, 1)
    shown = held(people)
    steps = slice(shown.start, max(shown.start, shown.stop - 1))
    return {
        PEOPLE: replace(people, values=people.values[shown]),
        SHARES: noisy(SHARES, sums.shares[shown], UNITS),
        FLOWS: noisy(FLOWS, sums.flows[steps], UNITS),
    }, shown


def expected_error(terms: Terms, n_people: int) -> float:
    """How far noise moves a share of a window of ``n_people`` at most in 95 % of cases, roughly: a fraction,
    above 1 where nothing can be told. The noise of the number of people is left out.
    """
    return reach(terms.sensitivity(SHARES) * UNITS / terms.epsilon_of(SHARES), 0.05) / UNITS / n_people
