"""The forecast as pages show it: of everybody on the migration page, of one person on the journey page."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages.ui import forecast_words as words
from pages.ui.figures import show_figure
from pages.ui.forecast_charts import likely_next, now_and_next
from pages.ui.phrases import called, percent
from pages.ui.tables import show_table
from recsys_core.columns import (
    BETTER,
    CHOSEN,
    DIFFERENCE,
    DIFFERENCE_HIGH,
    DIFFERENCE_LOW,
    FORECAST,
    HIGH,
    INTEREST,
    LOW,
    MEASURE,
    METHOD,
    N_COMPARED,
    SETTING,
    SHARE,
    USER,
    VALUE,
)
from recsys_core.migration.migration import Migration

Names = Mapping[int, str]


def show_forecast(migration: Migration, names: Names, colours: Names) -> None:
    """What comes next for everybody, how well people are foretold, and every method compared."""
    st.markdown("### What comes next")
    if migration.forecast.empty:
        st.info(words.lacking(migration))
        return
    show_figure(
        now_and_next(migration.forecast, names, colours),
        title=words.shares_title(migration, names),
        note=words.shares_note(migration),
        alt="Dots: the share of each interest now and in the next window, with 95 % intervals",
        table=forecast_table(migration, names),
        name="forecast",
    )
    st.markdown(words.people_sentence(migration))
    with st.expander("How the forecasts compare, and how they are judged"):
        show_table(score_table(migration), "forecast-scores")
        st.markdown(words.HOW)


def show_likely_next(migration: Migration | None, user: int, names: Names, colours: Names) -> None:
    """What one user may turn to next, and how well that is usually foretold; nothing without migration."""
    if migration is None:
        return
    rows = migration.next_mixes
    rows = rows[rows[USER] == user] if len(rows) else rows
    if rows.empty:
        st.markdown("#### What they may turn to next")
        st.caption(words.lacking(migration) or "Nothing is known about this user.")
        return
    held = [int(i) for i in rows[INTEREST]]
    first = f"{called(names[held[0]])}, {percent(rows[SHARE].iloc[0])}"
    show_figure(
        likely_next([names[i] for i in held], list(rows[SHARE]), [colours[i] for i in held]),
        title=f"What they may turn to next: first {first}",
        note=words.trust_in_mixes(migration),
        alt="Bars: the likeliest interests of this user's next events",
        table=pd.DataFrame({"Interest": [names[i] for i in held], "Expected share (%)": 100 * rows[SHARE]}),
        name="next",
    )


def forecast_table(migration: Migration, names: Names) -> pd.DataFrame:
    """Shares now and next for reading, the largest forecast first."""
    rows = migration.forecast.sort_values(FORECAST, ascending=False, kind="stable")
    return pd.DataFrame(
        {
            "Interest": rows[INTEREST].map(names),
            "Now (%)": 100 * rows[SHARE],
            "Next (%)": 100 * rows[FORECAST],
            "Low (%)": 100 * rows[LOW],
            "High (%)": 100 * rows[HIGH],
            "Change (points)": 100 * (rows[FORECAST] - rows[SHARE]),
        }
    )


def score_table(migration: Migration) -> pd.DataFrame:
    """Every method and measure for reading; less is better everywhere."""
    rows = migration.forecast_scores
    return pd.DataFrame(
        {
            "Of": rows[MEASURE].map(words.MEASURES),
            "Method": rows[METHOD].map(words.METHODS).fillna(rows[METHOD]),
            "In use": rows[CHOSEN].astype(bool),
            "Missed by": rows[VALUE],
            "Low": rows[LOW],
            "High": rows[HIGH],
            "Beside “stays”": rows[DIFFERENCE],
            "From": rows[DIFFERENCE_LOW],
            "To": rows[DIFFERENCE_HIGH],
            "Better": rows[BETTER].astype(bool),
            "People or windows": rows[N_COMPARED],
            "Setting": rows[SETTING],
        }
    )
