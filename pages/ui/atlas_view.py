"""What is asked of the atlas: which layer, at which level, in which colours and window."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from pages.ui.atlas_colours import ColourBy
from pages.ui.atlas_layers import LATEST
from pages.ui.levels import pick_level
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import WINDOW
from recsys_core.interests.interests import Interests
from recsys_core.interests.projection import InterestMap

TITLES: Final = "titles"
PEOPLE: Final = "people"
OVER_TIME: Final = "people over time"
_FOR_ALL: Final = (ColourBy.INTEREST, ColourBy.DOMAIN, ColourBy.TIME, ColourBy.ACTIVITY)


@dataclass(frozen=True)
class View:
    """``kind``: titles, people or people over time; ``by``: a ``ColourBy`` or the name of an attribute;
    ``window``: an id or "latest"; ``arrows``: whether mean movements are drawn.
    """

    level: int
    kind: str
    by: str
    window: str
    arrows: bool = False

    @property
    def of_people(self) -> bool:
        """Whether a point is a person."""
        return self.kind != TITLES

    @property
    def points(self) -> str:
        """What a point is: "titles" or "people"."""
        return PEOPLE if self.of_people else TITLES


def pick_view(dataset: Dataset, interests: Interests, atlas: InterestMap, attributes: list[str]) -> View:
    """The pickers above the map; all of them in the URL."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = pick_level(interests)
        kind = str(
            st.segmented_control(
                "Show",
                [TITLES, PEOPLE, OVER_TIME],
                default=TITLES,
                required=True,
                key="show",
                bind="query-params",
            )
        )
        by = str(ColourBy.INTEREST) if kind == OVER_TIME else _pick_colour(kind, dataset, attributes)
        arrows = kind != TITLES and _pick_arrows(kind)
    return View(level, kind, by, _pick_window(atlas) if kind == PEOPLE else LATEST, arrows)


def _pick_colour(kind: str, dataset: Dataset, attributes: list[str]) -> str:
    own = [str(by) for by in _FOR_ALL if by is not ColourBy.DOMAIN or len(dataset.domains) > 1]
    options = [*own, *(attributes if kind == TITLES else [str(ColourBy.DRIFT)])]
    return str(
        st.selectbox(
            "Colour by",
            options,
            key="colour" if kind == TITLES else "colour-people",
            bind="query-params",
            width=200,
            help="The time of a title is the mean time of its events, that of a person the last activity. "
            "Activity counts events. Drift is how far a person's interests moved.",
        )
    )


def _pick_arrows(kind: str) -> bool:
    return st.toggle(
        "Mean movement",
        value=kind == OVER_TIME,
        key=f"arrows-{kind}",
        help="An arrow for every group of at least 10 people, from the mean of where they were to the mean "
        "of where they went: the people selected, or those of each interest.",
    )


def _pick_window(atlas: InterestMap) -> str:
    windows = sorted(atlas.users[WINDOW].unique())
    return str(
        st.select_slider(
            "Window of time",
            [*windows, LATEST],
            value=LATEST,
            key="window",
            bind="query-params",
            help="Where people were in each window; *latest* shows everybody where they were last.",
        )
    )
