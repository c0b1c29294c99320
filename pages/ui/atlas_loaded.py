"""The layers of the atlas as the page reads them: made once, kept while they are in use, bounded."""

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.ui.atlas_colours import ColourBy, attribute_choices
from pages.ui.atlas_layers import Shown, by_interest, item_layer, people_by_interest, people_layer
from pages.ui.atlas_motion import movers
from pages.ui.loaded import (
    Key,
    dataset_in_use,
    dataset_key,
    interests_in_use,
    map_in_use,
    migration_in_use,
    of_interests,
)
from pages.ui.map_names import centres
from pages.ui.state import Selection
from pages.ui.workspaces import opened
from recsys_core import pipeline
from recsys_core.catalogue.attributes import Holds
from recsys_core.columns import NAME
from recsys_core.interests.interests import Interests
from recsys_core.interests.points import MapPoints
from recsys_core.interests.projection import InterestMap
from recsys_core.migration.migration import Migration


def points_in_use(selection: Selection) -> MapPoints | None:
    """The full space behind ``map_in_use``; None where an earlier version drew it."""
    key = of_interests(selection, "map-points")
    return None if key is None else _points(key)


def attributes_in_use(selection: Selection) -> dict[str, Holds]:
    """What titles can be coloured by beside the usual."""
    return _attributes(dataset_key(selection), selection)


def drift_in_use(selection: Selection) -> Migration | None:
    """A migration that knows how far each user drifted: the first there is, quarters and broad interests
    first; None where none was measured.
    """
    found = _drift_place(selection)
    return None if found is None else migration_in_use(selection, *found[1:])


def titles_on_map(selection: Selection, level: int, by: str) -> Shown:
    """The layer of titles; there must be interests and a map."""
    return _titles_on_map(of_interests(selection, "map") or dataset_key(selection), selection, level, by)


def people_on_map(selection: Selection, level: int, by: str, window: str) -> Shown:
    """The layer of people in one window; there must be interests and a map."""
    drift = _drift_place(selection) if by == ColourBy.DRIFT else None
    key = of_interests(selection, "map") or dataset_key(selection)
    return _people_on_map(key, selection, level, by, window, None if drift is None else drift[0])


def names_on_map(selection: Selection, level: int, of_people: bool) -> pd.DataFrame:
    """Where the names of the interests stand, see ``centres``; there must be interests and a map."""
    return _names_on_map(
        of_interests(selection, "map") or dataset_key(selection), selection, level, of_people
    )


def movers_on_map(selection: Selection, level: int) -> tuple[NDArray[np.int64], int]:
    """A sample of the people who can be followed, and how many there are; there must be a map."""
    return _movers_on_map(of_interests(selection, "map") or dataset_key(selection), selection, level)


@st.cache_resource(max_entries=1, show_spinner="Reading the full space …")
def _points(key: Key) -> MapPoints | None:
    return pipeline.load_map_points(opened(key.root), key.dataset, key.version, key.run)


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
            key = of_interests(selection, "migration", f"{window}-{level}")
            if key is not None:
                return key, window, level
    return None


def _both(selection: Selection) -> tuple[Interests, InterestMap]:
    interests, atlas = interests_in_use(selection), map_in_use(selection)
    if interests is None or atlas is None:
        raise LookupError("There is no map.")
    return interests, atlas
