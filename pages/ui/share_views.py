"""How interests over time are shown: lines or a stream, shares or events, small groups left out."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.colours import GREY
from pages.ui.figures import show_figure
from pages.ui.migration_views import share_table
from pages.ui.share_chart import shares_over_time, stream
from recsys_core.columns import DOMAIN, HIGH, INTEREST, LOW, N_EVENTS, N_USERS, SHARE, WINDOW
from recsys_core.migration.mixes import Mixes
from recsys_core.privacy import SMALLEST_GROUP, may_be_told

OTHERS: Final = -1
"""Stands for every interest that is not followed."""


class Drawing(StrEnum):
    """What the picture looks like."""

    LINES = "lines"
    STREAM = "stream"


class Measure(StrEnum):
    """What it measures."""

    SHARE = "share of activity"
    EVENTS = "events"


def pick_drawing() -> tuple[Drawing, Measure]:
    """Two switches, kept in the URL."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        drawing = st.segmented_control(
            "Drawn as", list(Drawing), default=Drawing.LINES, required=True, key="draw", bind="query-params"
        )
        measure = st.segmented_control(
            "Measured as",
            list(Measure),
            default=Measure.SHARE,
            required=True,
            key="measure",
            bind="query-params",
            help="Shares count everybody once, however active; events count what was taken.",
        )
    return Drawing(str(drawing)), Measure(str(measure))


def shown_shares(shares: pd.DataFrame, mixes: Mixes, windows: Sequence[str], domain: str) -> pd.DataFrame:
    """The rows of ``Migration.shares`` of one ``domain`` ("" = all) in windows with enough people.

    ``mixes``: of that domain.
    """
    return shares[(shares[DOMAIN] == domain) & shares[WINDOW].isin(_with_people(mixes, windows))]


def shown_events(events: pd.DataFrame, mixes: Mixes, windows: Sequence[str]) -> pd.DataFrame:
    """``interest_events`` in the columns of shares, the events being the ``share``, in windows with enough
    people; cells of a window that may not be told are added up under ``OTHERS``, with which the smallest
    other one goes, so that they come to ten people.
    """
    events = events[events[WINDOW].isin(_with_people(mixes, windows))]
    told = events.groupby(WINDOW)[N_USERS].transform(lambda people: may_be_told(people, apart=False))
    told = events[INTEREST].where(told.astype(bool), OTHERS)
    summed = events.assign(**{INTEREST: told}).groupby([WINDOW, INTEREST], as_index=False)[N_EVENTS].sum()
    return summed.rename(columns={N_EVENTS: SHARE}).assign(**{LOW: np.nan, HIGH: np.nan})


def _with_people(mixes: Mixes, windows: Sequence[str]) -> set[str]:
    people = np.bincount(mixes.window, minlength=len(windows))
    return {window for window, n in zip(windows, people, strict=True) if n >= SMALLEST_GROUP}


def followed(shares: pd.DataFrame, interests: Sequence[int], *, others: bool) -> pd.DataFrame:
    """Only the rows of ``interests``, in that order; with ``others``, the sum of the rest as ``OTHERS``."""
    order = {interest: i for i, interest in enumerate(interests)}
    kept = shares[shares[INTEREST].isin(order)]
    kept = kept.sort_values(INTEREST, key=lambda ids: ids.map(order), kind="stable")
    if not others:
        return kept
    rest = shares[~shares[INTEREST].isin(order)].groupby(WINDOW, as_index=False, sort=False)[SHARE].sum()
    return pd.concat([kept, rest.assign(**{INTEREST: OTHERS})], ignore_index=True)


def show_shares(
    shares: pd.DataFrame,
    changes: pd.DataFrame,
    names: Mapping[int, str],
    colours: Mapping[int, str],
    windows: Sequence[str],
    *,
    drawing: Drawing,
    measure: Measure,
    title: str,
    note: str,
) -> None:
    """The figure. ``shares``: from ``followed``; ``changes``: for triangles on the lines."""
    events = measure is Measure.EVENTS
    names, colours = {**names, OTHERS: "everything else"}, {**colours, OTHERS: GREY}
    if drawing is Drawing.STREAM:
        figure, look = stream(shares, names, colours, windows, events=events), "Stream"
    else:
        figure, look = shares_over_time(shares, changes, names, colours, windows, events=events), "Lines"
    show_figure(
        figure,
        title=title,
        note=_EVENTS_NOTE if events else note,
        alt=f"{look}: {'the events' if events else 'the share'} of each interest by window",
        table=event_table(shares, names) if events else share_table(shares, names),
        name="shares",
    )


_EVENTS_NOTE: Final = (
    "What was taken in each window; whoever is more active counts for more. What fewer than "
    f"{SMALLEST_GROUP} people took in a window is not told apart there."
)


def event_table(events: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """Events for reading."""
    return pd.DataFrame(
        {
            "Window": events[WINDOW],
            "Interest": events[INTEREST].map(names),
            "Events": events[SHARE].astype("int64"),
        }
    )
