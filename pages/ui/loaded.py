"""Datasets and results as pages read them: loaded once, kept while they are in use, bounded.

What is kept is found again by the workspace, the dataset's version and the result's own number, so a new
result shows at the next rerun.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.ui.atlas_colours import ColourBy, attribute_choices
from pages.ui.atlas_layers import Shown, by_interest, item_layer, people_by_interest, people_layer
from pages.ui.atlas_motion import movers
from pages.ui.attributes import Holds
from pages.ui.map_chart import centres
from pages.ui.state import Selection, workspace
from recsys_core import pipeline
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import NAME
from recsys_core.demo import DEMO, planted_and_detected
from recsys_core.errors import InputError
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.interests.interests import Interests
from recsys_core.interests.points import MapPoints
from recsys_core.interests.projection import InterestMap
from recsys_core.migration.migration import Migration
from recsys_core.workspace.naming import KIND as NAMES
from recsys_core.workspace.records import ANY

if TYPE_CHECKING:
    from recsys_core.recommend.cold_start import ColdStart


@dataclass(frozen=True)
class Key:
    """What a kept value belongs to; ``result`` is the number of the newest result of its kind, ``names`` that
    of the names given to interests, 0 where there are none.
    """

    root: str
    dataset: str
    version: int
    run: str | None = None
    result: int = 0
    names: int = 0


def dataset_in_use(selection: Selection) -> Dataset:
    """The dataset that is selected, in memory. There must be one."""
    return _dataset(_key(selection))


def interests_in_use(selection: Selection) -> Interests | None:
    """The named interests of the run in use, else the newest of the dataset; None where none were found."""
    key = interests_key(selection)
    return None if key is None else _interests(key)


def interests_key(selection: Selection) -> Key | None:
    """Where the interests in use lie; None where none were found."""
    key = _result_key(selection, "interests")
    if key is None:
        return None
    names = selection.ws.result_info(NAMES, key.dataset, key.version, run_id=key.run)
    return key if names is None else replace(key, names=names.id)


def map_in_use(selection: Selection) -> InterestMap | None:
    """The map that belongs to ``interests_in_use``."""
    key = _of_interests(selection, "map")
    return None if key is None else _map(key)


def points_in_use(selection: Selection) -> MapPoints | None:
    """The full space behind ``map_in_use``; None where an earlier version drew it."""
    key = _of_interests(selection, "map-points")
    return None if key is None else _points(key)


def migration_in_use(selection: Selection, window: str, level: int) -> Migration | None:
    """The migration by ``window`` size at ``level``; None where it was not computed, or was computed for
    interests that have been found anew since.
    """
    key = _of_interests(selection, "migration", f"{window}-{level}")
    return None if key is None else _migration(key, window, level)


def scorecard_in_use(selection: Selection, protocol: str, target: str) -> Scorecard | None:
    """The newest scorecard for ``target``; None where it was not computed."""
    key = _result_key(selection, "scorecard", f"{protocol}:{target}")
    return None if key is None else _scorecard(key, protocol, target)


def cold_start_in_use(selection: Selection, domain: str) -> "ColdStart":
    """Everything a preview in ``domain`` needs, fitted; the first call loads the models and takes a while."""
    base, run = _key(selection), selection.run
    return _cold_start(Key(base.root, base.dataset, base.version, run.id if run else None), domain)


def planted_in_use(selection: Selection) -> pd.DataFrame | None:
    """What the sample's generator planted beside what was found, for reading; None for other data."""
    key = _of_interests(selection, "migration", "quarter-0")
    if key is None or key.dataset != DEMO:
        return None
    return _planted(key)


def attributes_in_use(selection: Selection) -> dict[str, Holds]:
    """What titles can be coloured by beside the usual."""
    return _attributes(_key(selection), selection)


def drift_in_use(selection: Selection) -> Migration | None:
    """A migration that knows how far each user drifted: the first there is, quarters and broad interests
    first; None where none was measured.
    """
    found = _drift_place(selection)
    return None if found is None else _migration(*found)


def titles_on_map(selection: Selection, level: int, by: str) -> Shown:
    """The layer of titles; there must be interests and a map."""
    return _titles_on_map(_of_interests(selection, "map") or _key(selection), selection, level, by)


def people_on_map(selection: Selection, level: int, by: str, window: str) -> Shown:
    """The layer of people in one window; there must be interests and a map."""
    drift = _drift_place(selection) if by == ColourBy.DRIFT else None
    key = _of_interests(selection, "map") or _key(selection)
    return _people_on_map(key, selection, level, by, window, None if drift is None else drift[0])


def names_on_map(selection: Selection, level: int, of_people: bool) -> pd.DataFrame:
    """Where the names of the interests stand, see ``centres``; there must be interests and a map."""
    return _names_on_map(_of_interests(selection, "map") or _key(selection), selection, level, of_people)


def movers_on_map(selection: Selection, level: int) -> tuple[NDArray[np.int64], int]:
    """A sample of the people who can be followed, and how many there are; there must be a map."""
    return _movers_on_map(_of_interests(selection, "map") or _key(selection), selection, level)


def _key(selection: Selection) -> Key:
    info = selection.dataset
    if info is None:
        raise LookupError("No dataset is selected.")
    return Key(str(selection.ws.root), info.name, info.version)


def _of_interests(selection: Selection, kind: str, key: str = "") -> Key | None:
    """A result that speaks of the interests in use: of the same run and not older than they are."""
    interests = interests_key(selection)
    if interests is None:
        return None
    info = selection.ws.result_info(kind, interests.dataset, interests.version, run_id=interests.run, key=key)
    if info is None or info.stale or info.id < interests.result:
        return None
    return replace(interests, result=info.id)


def _result_key(selection: Selection, kind: str, key: str | None = None) -> Key | None:
    base, run = _key(selection), selection.run.id if selection.run else None
    for wanted in dict.fromkeys((run, None, ANY)):
        info = selection.ws.result_info(
            kind, base.dataset, base.version, run_id=wanted, key=ANY if key is None else key
        )
        if info is not None and not info.stale:
            return Key(base.root, base.dataset, base.version, info.run_id, info.id)
    return None


@st.cache_resource(max_entries=2, show_spinner="Reading the dataset …")
def _dataset(key: Key) -> Dataset:
    return workspace().load_dataset(key.dataset, key.version)


@st.cache_resource(max_entries=4, show_spinner=False)
def _interests(key: Key) -> Interests | None:
    return pipeline.load_interests(workspace(), key.dataset, key.version, key.run)


@st.cache_resource(max_entries=2, show_spinner="Reading the map …")
def _map(key: Key) -> InterestMap | None:
    return pipeline.load_map(workspace(), key.dataset, key.version, key.run)


@st.cache_resource(max_entries=1, show_spinner="Reading the full space …")
def _points(key: Key) -> MapPoints | None:
    return pipeline.load_map_points(workspace(), key.dataset, key.version, key.run)


@st.cache_resource(max_entries=8, show_spinner="Drawing the map …")
def _titles_on_map(key: Key, _selection: Selection, level: int, by: str) -> Shown:  # noqa: ARG001
    return item_layer(dataset_in_use(_selection), *_both(_selection), level, by)


@st.cache_resource(max_entries=16, show_spinner=False)
def _people_on_map(
    key: Key,  # noqa: ARG001
    _selection: Selection,
    level: int,
    by: str,
    window: str,
    drift: Key | None,
) -> Shown:
    moved = None if drift is None else drift_in_use(_selection)
    return people_layer(dataset_in_use(_selection), *_both(_selection), level, by, window, moved)


@st.cache_resource(max_entries=8, show_spinner=False)
def _names_on_map(key: Key, _selection: Selection, level: int, of_people: bool) -> pd.DataFrame:  # noqa: ARG001
    interests, atlas = _both(_selection)
    spots = people_by_interest if of_people else by_interest
    return centres(spots(interests, atlas, level), list(interests.at_level(level)[NAME]))


@st.cache_resource(max_entries=8, show_spinner=False)
def _movers_on_map(key: Key, _selection: Selection, level: int) -> tuple[NDArray[np.int64], int]:  # noqa: ARG001
    return movers(_both(_selection)[1], level)


@st.cache_data(max_entries=8, show_spinner=False)
def _attributes(key: Key, _selection: Selection) -> dict[str, Holds]:  # noqa: ARG001
    return attribute_choices(dataset_in_use(_selection).items)


def _drift_place(selection: Selection) -> tuple[Key, str, int] | None:
    interests = interests_in_use(selection)
    for level in range(interests.n_levels if interests else 0):
        for window in ("quarter", "month", "year"):
            key = _of_interests(selection, "migration", f"{window}-{level}")
            if key is not None:
                return key, window, level
    return None


@st.cache_resource(max_entries=2, show_spinner="Loading the models and fitting the recommenders …")
def _cold_start(key: Key, domain: str) -> "ColdStart":
    return pipeline.prepare_recommender(workspace(), key.dataset, domain, key.run, key.version)


@st.cache_data(max_entries=2, show_spinner=False)
def _planted(key: Key) -> pd.DataFrame | None:
    try:
        found = planted_and_detected(workspace(), key.dataset, key.version)
    except InputError:
        return None
    names = {column: column.replace("_", " ").capitalize() for column in found.columns}
    readable = found.rename(columns=names)
    return readable[["Cohort", "Agrees", *(c for c in readable if c not in ("Cohort", "Agrees"))]]


def _both(selection: Selection) -> tuple[Interests, InterestMap]:
    interests, atlas = interests_in_use(selection), map_in_use(selection)
    if interests is None or atlas is None:
        raise LookupError("There is no map.")
    return interests, atlas


@st.cache_resource(max_entries=6, show_spinner=False)
def _migration(key: Key, window: str, level: int) -> Migration | None:
    return pipeline.load_migration(workspace(), key.dataset, key.version, key.run, window, level)


@st.cache_resource(max_entries=12, show_spinner=False)
def _scorecard(key: Key, protocol: str, target: str) -> Scorecard | None:
    return pipeline.load_scorecard(workspace(), key.dataset, key.version, protocol, target)
