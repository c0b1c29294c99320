"""Finding a title or a person on the atlas, and what is nearest to it in the full space."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from pages.ui.atlas_layers import people_places, places_of
from pages.ui.atlas_view import View
from pages.ui.colours import ACCENT, OKABE_ITO
from pages.ui.map_chart import add_marks
from pages.ui.people_names import ids_toggle, people_in_use
from pages.ui.phrases import count, plain
from pages.ui.sampling import spread_rows
from pages.ui.tables import show_table
from pages.ui.titles import find_titles
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import NAME
from recsys_core.interests.interests import Interests
from recsys_core.interests.points import MapPoints
from recsys_core.interests.projection import InterestMap

NEAREST: Final = 15
_OFFERED = 50
_MARK: Final = OKABE_ITO[3]


@dataclass(frozen=True, eq=False)
class Search:
    """``wanted``: what was typed; ``hits``: the items or users it found; ``target``: the one whose neighbours
    are asked for, None where none is.
    """

    wanted: str
    hits: NDArray[np.int64]
    target: int | None

    def sentence(self, view: View) -> str:
        """What was found, in words."""
        if not self.wanted.strip():
            return ""
        n, text = len(self.hits), plain(self.wanted)
        if view.of_people:
            people = "1 person is" if n == 1 else f"{count(n)} {'or more ' * (n == _OFFERED)}people are"
            return f" {people} found by *{text}*, ringed."
        return f" {count(n)} titles hold *{text}*, ringed."


@dataclass(frozen=True, eq=False)
class Nearby:
    """The ``titles`` and, for a person, the ``people`` nearest in full space, each with its cosine."""

    titles: NDArray[np.int64]
    title_cosine: NDArray[np.float32]
    people: NDArray[np.int64]
    people_cosine: NDArray[np.float32]


def search_box(view: View, dataset: Dataset, chosen: NDArray[np.int64] | None) -> Search:
    """A search by title, or a person's pseudonym or id (not in the URL), and whose neighbours to show."""
    typing, choice = st.columns(2, vertical_alignment="bottom")
    icon = ":material/search:"
    if view.of_people:
        wanted = typing.text_input(
            "Find a person",
            key="find-person",
            persist_state="session",
            placeholder="an id, or part of a pseudonym",
            icon=icon,
        )
        hits = people_in_use(dataset).find(wanted or "", _OFFERED)
        ids_toggle(dataset)
    else:
        wanted = typing.text_input("Find a title", key="find", bind="query-params", icon=icon)
        hits = find_titles(dataset, wanted or "")
    some = np.empty(0, np.int64) if chosen is None else spread_rows(chosen, _OFFERED)
    offered = list(dict.fromkeys(int(row) for row in [*hits[:_OFFERED], *some]))
    if not offered:
        choice.caption(f"Find or select {view.points} to see what is nearest to one of them.")
        return Search(wanted or "", hits, None)
    names = _names(view, dataset)
    target = choice.selectbox(
        "Nearest to",
        offered,
        index=0 if len(offered) == 1 else None,
        format_func=lambda row: str(names[row]),
        key=f"nearest-{view.points}-{hash(tuple(offered))}",
        placeholder="Choose one",
        help="Looked for in the full space, of which the map is a flat picture.",
    )
    return Search(wanted or "", hits, target)


def nearby(view: View, points: MapPoints, target: int) -> Nearby | None:
    """What is nearest to the item or user ``target``; None where it has no place."""
    point = (points.users if view.of_people else points.items).of(target)
    if point is None:
        return None
    own = np.array([target])
    nobody = (np.empty(0, np.int64), np.empty(0, np.float32))
    if view.of_people:
        titles, people = points.items.nearest(point, NEAREST), points.users.nearest(point, NEAREST, own)
    else:
        titles, people = points.items.nearest(point, NEAREST, own), nobody
    return Nearby(*titles, *people)


def mark_found(
    figure: go.Figure, view: View, dataset: Dataset, atlas: InterestMap, search: Search, near: Nearby | None
) -> None:
    """Ring what was found; a star on whose neighbours are shown, diamonds on them."""

    def mark(rows: NDArray[np.int64], name: str, symbol: str, colour: str) -> None:
        where = (
            people_places(_names(view, dataset), atlas, rows, view.window)
            if view.of_people
            else places_of(dataset, atlas, rows)
        )
        if len(where):
            add_marks(figure, where, name, symbol, colour)

    mark(search.hits, "found", "circle-open", ACCENT)
    if search.target is not None and near is not None:
        mark(near.people if view.of_people else near.titles, "nearest in full space", "diamond-open", _MARK)
        mark(np.array([search.target]), "nearest to this", "star", _MARK)


def show_nearby(
    view: View, dataset: Dataset, interests: Interests, level: int, search: Search, near: Nearby | None
) -> None:
    """The neighbours of the target in tables."""
    if search.target is None:
        return
    if near is None:
        st.caption("What is nearest is not known here. Find the interests again to see it.")
        return
    name = str(_names(view, dataset)[search.target])
    st.markdown(f"#### Nearest to *{plain(name)}* in the full space")
    if not view.of_people:
        show_table(_titles(dataset, interests, level, near), "nearest-titles")
        return
    left, right = st.columns([3, 2])
    with left:
        st.caption("Titles")
        show_table(_titles(dataset, interests, level, near), "nearest-titles")
    with right:
        st.caption("People")
        people = {"Person": _names(view, dataset)[near.people], "Likeness": near.people_cosine}
        show_table(pd.DataFrame(people), "nearest-people", export=False)  # single people stay here


def _names(view: View, dataset: Dataset) -> NDArray[np.object_]:
    """(N,) what the people or titles of this view are called."""
    return people_in_use(dataset).names if view.of_people else dataset.labels


def _titles(dataset: Dataset, interests: Interests, level: int, near: Nearby) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Title": dataset.labels[near.titles],
            "Interest": interests.table[NAME].to_numpy(object)[interests.item_interest[level][near.titles]],
            "Domain": np.asarray(dataset.domains, object)[dataset.item_domain[near.titles]],
            "Likeness": near.title_cosine,
        }
    )
