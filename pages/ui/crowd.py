"""Did the crowd as a whole change? Said, shown, and set beside how much two halves of one crowd differ."""

from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.charts import drawn_once, framed
from pages.ui.colours import ACCENT, GREY, faded
from pages.ui.figures import show_figure
from pages.ui.migration_words import partly
from pages.ui.phrases import count, p_value, percent
from recsys_core.columns import (
    EFFECT,
    FLOOR,
    FLOOR_HIGH,
    FROM_WINDOW,
    KEPT,
    KEPT_SHARE,
    N_USERS,
    NEW_SHARE,
    Q_VALUE,
    TO_WINDOW,
)
from recsys_core.migration.discoveries import ALPHA
from recsys_core.migration.migration import Migration
from recsys_core.privacy import SMALLEST_GROUP

_TOO_LITTLE_KEPT: Final = 0.2
"""With less of the events on titles of both windows, these say little about everything else."""


def show_crowd(migration: Migration) -> None:
    """The section of the migration page; one sentence where nothing can be said."""
    st.markdown("### Did the crowd as a whole change?")
    steps = migration.shown_population
    if steps.empty:
        st.info(f"No two windows in a row have {SMALLEST_GROUP} people to compare. Try larger windows.")
        return
    if steps[EFFECT].isna().all():
        st.info("This was measured by an earlier version, without an effect size. Measure migration again.")
        return
    st.markdown(crowd_sentence(steps))
    show_figure(
        crowd_chart(steps),
        title="Dots above the band: more than two halves of one crowd differ",
        note="How far the crowd of each window lies from that of the window before, as a fraction of the "
        "largest difference possible. The band ends where 95 % of random halves do. Blue: beyond chance, "
        "also inside the band, since people seen in both windows are compared with themselves; grey: not. "
        f"Diamonds: on titles taken in both windows alone.{partly(migration)}",
        alt="Dots: the difference between each window and the one before, over the band of split halves",
        table=crowd_table(steps),
        name="crowd",
    )


def crowd_sentence(steps: pd.DataFrame) -> str:
    """What changed, how much, and whether people or the catalogue; Markdown. ``steps``: at least one."""
    changed = steps[steps[Q_VALUE] <= ALPHA]
    if changed.empty:
        top = steps.loc[steps[EFFECT].idxmax()]
        return (
            f"Not beyond chance, in any of {count(len(steps))} steps from one window to the next. The "
            f"largest difference is {percent(top[EFFECT])} of what is possible, in {top[TO_WINDOW]}; two "
            f"random halves of one crowd differ by {percent(top[FLOOR])}."
        )
    top = changed.loc[changed[EFFECT].idxmax()]
    return (
        f"Beyond chance in {count(len(changed))} of {count(len(steps))} steps from one window to the next, "
        f"most from {top[FROM_WINDOW]} to {top[TO_WINDOW]}: by {percent(top[EFFECT])} of the largest "
        f"difference possible, where two random halves of one crowd differ by {percent(top[FLOOR])}. "
        f"{_people_or_catalogue(top)}"
    )


def _people_or_catalogue(step: "pd.Series[float]") -> str:
    new = f"{percent(step[NEW_SHARE])} of the later events are on titles nobody had taken before"
    if step[KEPT_SHARE] < _TOO_LITTLE_KEPT or np.isnan(step[KEPT + EFFECT]):
        return (
            f"{new}, and only {percent(step[KEPT_SHARE])} of all on titles of both windows: too few to tell "
            "people's change from the catalogue's."
        )
    kept = f"on titles taken in both windows alone the difference is {percent(step[KEPT + EFFECT])}"
    if step[KEPT + Q_VALUE] <= ALPHA:
        return f"{new}; {kept}, beyond chance too: people changed, not only the catalogue."
    return f"{new}; {kept}, no more than chance explains: what changed may be the catalogue alone."


@drawn_once
def crowd_chart(steps: pd.DataFrame) -> go.Figure:
    """Effects per step over the band of split halves; ``steps``: rows of ``Migration.population``."""
    x = steps[TO_WINDOW].tolist()
    figure = go.Figure()
    figure.add_bar(
        x=x,
        y=steps[FLOOR_HIGH],
        name="two halves of one crowd",
        marker={"color": faded(GREY, 0.25), "line": {"width": 0}},
        customdata=steps[[FLOOR]],
        hovertemplate="two halves differ by %{customdata[0]:.2%}, 95 % of them by less than %{y:.2%}"
        "<extra></extra>",
    )
    for start, name, symbol, size in _MARKS:
        sure = steps[start + Q_VALUE] <= ALPHA
        told = [_told(q) for q in steps[start + Q_VALUE]]
        figure.add_scatter(
            x=x,
            y=steps[start + EFFECT],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": size, "color": [ACCENT if s else GREY for s in sure]},
            customdata=told,
            hovertemplate=f"<b>%{{x}}</b>, {name}: %{{y:.2%}}<br>%{{customdata}}<extra></extra>",
        )
    figure.update_layout(bargap=0)
    figure.update_xaxes(type="category", title="Window, compared with the one before")
    figure.update_yaxes(tickformat=".1%", title="Difference", rangemode="tozero")
    return framed(figure, 380)


_MARKS: Final = (
    (KEPT, "titles of both windows", "diamond-open", 9),
    ("", "everything", "circle", 11),
)


def _told(q: float) -> str:
    return f"{'beyond chance' if q <= ALPHA else 'not beyond chance'}, corrected p {p_value(q)}"


def crowd_table(steps: pd.DataFrame) -> pd.DataFrame:
    """Steps for reading."""
    return pd.DataFrame(
        {
            "First window": steps[FROM_WINDOW],
            "Next window": steps[TO_WINDOW],
            "Difference (%)": 100 * steps[EFFECT],
            "Corrected p": [p_value(q) for q in steps[Q_VALUE]],
            "Two halves (%)": 100 * steps[FLOOR],
            "Two halves, 95 % below (%)": 100 * steps[FLOOR_HIGH],
            "Events on new titles (%)": 100 * steps[NEW_SHARE],
            "Events on titles of both (%)": 100 * steps[KEPT_SHARE],
            "Difference on titles of both (%)": 100 * steps[KEPT + EFFECT],
            "Corrected p on titles of both": [p_value(q) for q in steps[KEPT + Q_VALUE]],
            "People": steps[N_USERS],
        }
    )
