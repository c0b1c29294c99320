"""How far each window lies from what came before it, over the band of chance: of one user or of a cohort."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from pages.ui.charts import drawn_once, framed
from pages.ui.colours import ACCENT, GREY, faded
from pages.ui.figures import show_figure
from pages.ui.journey_look import Look
from pages.ui.loaded import Key
from pages.ui.phrases import count, percent
from recsys_core.columns import DRIFT, EXPECTED, HIGH, LOW, N_EVENTS, N_USERS, WINDOW
from recsys_core.migration.departure import FEWEST_EVENTS, departures
from recsys_core.migration.layout import lay_out
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.randomness import rng_from

MOST_EVENTS: Final = 40_000
"""A larger cohort is told by people drawn from it who have about so many: quick, and enough for a picture."""

STRENGTH: Final = (
    "Whether this user changed at all is another test, with another number: it looks for one lasting change, "
    "at the moment where that is strongest, in titles and not in named interests, and it is corrected for "
    "how many people are tested. So the two may differ."
)


@dataclass(frozen=True, eq=False)
class Departures:
    """``table``: from ``departures``; of ``n_users``, of whom ``n_drawn`` were measured."""

    table: pd.DataFrame
    n_users: int
    n_drawn: int


def departures_of(look: Look, key: Key, users: NDArray[np.int64]) -> Departures:
    """Of one user, or of a cohort; ``key``: of the interests."""
    return _departures(key, look.level, str(look.size), users, look)


def show_departures(found: Departures, look: Look) -> None:
    """The figure, with what it says; a sentence where no window can be told."""
    st.markdown(departure_sentence(found, look.size))
    if found.table.empty:
        return
    what = ", in the mean of its people" if found.n_users > 1 else ""
    sampled = found.n_drawn < found.n_users
    drawn = f" Measured on {count(found.n_drawn)} people drawn at random." if sampled else ""
    show_figure(
        departure_chart(found.table, look.window_ids),
        title="Dots above the band: farther from the past than by chance",
        note=f"How much of a window's activity would have to be other for it to look like everything before "
        f"it{what}. The band holds 95 % of what the same days give in random order. Each window is judged on "
        f"its own, so chance alone puts about one in twenty outside.{drawn}",
        alt="Dots: how far each window lies from what came before it, over the band of chance",
        table=departure_table(found),
        name="departures",
    )


def departure_sentence(found: Departures, size: str) -> str:
    """In how many windows they were farther from their past than by chance, and where most; Markdown."""
    table, one = found.table, found.n_users == 1
    if table.empty and one:
        return f"No {size} has {FEWEST_EVENTS} events with {FEWEST_EVENTS} before it: too few to tell."
    if table.empty:
        return f"No {size} has {SMALLEST_GROUP} people with events before it: too few to tell."
    far = table[table[DRIFT] > table[HIGH]]
    took = "this user took" if one else "these people took"
    if far.empty:
        top = table.loc[table[DRIFT].idxmax()]
        told = f"{count(len(table))} {size}{'s' * (len(table) > 1)} can be told"
        return f"{told}, and in none was what {took} farther from the past than by chance: {_told(top)}."
    top = far.loc[(far[DRIFT] - far[HIGH]).idxmax()]
    return (
        f"In {count(len(far))} of {count(len(table))} {size}s what {took} was farther from everything before "
        f"than by chance: {_told(top)}."
    )


@drawn_once
def departure_chart(table: pd.DataFrame, windows: list[str]) -> go.Figure:
    """Drift per window over its band; blue outside the band, grey inside."""
    beyond = (table[DRIFT] > table[HIGH]) | (table[DRIFT] < table[LOW])
    figure = go.Figure()
    figure.add_bar(
        x=table[WINDOW],
        y=table[HIGH] - table[LOW],
        base=table[LOW],
        name="by chance (95 %)",
        marker={"color": faded(GREY, 0.28), "line": {"width": 0}},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=table[WINDOW],
        y=table[DRIFT],
        mode="markers",
        name="seen",
        marker={"size": 11, "color": [ACCENT if b else GREY for b in beyond]},
        customdata=table[[EXPECTED, LOW, HIGH]],
        hovertemplate="<b>%{x}</b>: %{y:.0%} differs<br>by chance %{customdata[0]:.0%} "
        "(%{customdata[1]:.0%} to %{customdata[2]:.0%})<extra></extra>",
    )
    figure.update_layout(bargap=0)
    figure.update_xaxes(type="category", title="Window", categoryorder="array", categoryarray=windows)
    figure.update_yaxes(tickformat=".0%", title="Differs from before", rangemode="tozero")
    return framed(figure, 340)


def departure_table(found: Departures) -> pd.DataFrame:
    """Windows for reading."""
    table = found.table
    readable = pd.DataFrame(
        {
            "Window": table[WINDOW],
            "Differs from before (%)": 100 * table[DRIFT],
            "By chance (%)": 100 * table[EXPECTED],
            "Chance from (%)": 100 * table[LOW],
            "Chance to (%)": 100 * table[HIGH],
            "Events": table[N_EVENTS],
        }
    )
    return readable if found.n_users == 1 else readable.assign(People=table[N_USERS])


def _told(row: "pd.Series[float]") -> str:
    return (
        f"most in {row[WINDOW]}, where {percent(row[DRIFT])} differs and the same days in random order give "
        f"{percent(row[LOW])} to {percent(row[HIGH])}"
    )


@st.cache_resource(max_entries=16, show_spinner="Shuffling days …")
def _departures(key: Key, level: int, size: str, users: NDArray[np.int64], _look: Look) -> Departures:  # noqa: ARG001
    rng, alone = rng_from(0, "departure"), len(users) == 1
    drawn = users if alone else _some(_look, users, rng)
    table = departures(
        lay_out(_look.dataset.select_events(np.isin(_look.dataset.user, drawn)), _look.windows),
        _look.item_interest,
        len(_look.interest_ids),
        _look.windows,
        rng,
        fewest_events=FEWEST_EVENTS if alone else 1,
        fewest_users=1 if alone else SMALLEST_GROUP,
    )
    return Departures(table, len(users), len(drawn))


def _some(look: Look, users: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """So many of the ``users``, drawn at random, that they may be expected to have ``MOST_EVENTS``."""
    n_events = int(np.diff(look.dataset.offsets)[users].sum())
    most = max(SMALLEST_GROUP, len(users) * MOST_EVENTS // max(1, n_events))
    return rng.permutation(users)[:most]
