"""Which interests rise and fade between two windows: said, drawn with intervals, and in a table."""

from collections.abc import Mapping
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.charts import drawn_once, framed
from pages.ui.colours import GREY
from pages.ui.figures import show_figure
from pages.ui.migration_words import partly
from pages.ui.phrases import called, count, in_chart, percent, plain, points, shorten
from recsys_core.columns import AFTER, BEFORE, HIGH, INTEREST, LOW, PARTIAL, SHIFT, WINDOW
from recsys_core.migration.migration import Migration
from recsys_core.migration.mixes import Mixes
from recsys_core.migration.rising import ShareChange, share_change
from recsys_core.privacy import SMALLEST_GROUP

MOST_DOTS: Final = 24
"""With more interests, the chart keeps those that changed most; the table has all."""

Names = Mapping[int, str]


def show_rising(
    migration: Migration, mixes: Mixes, names: Names, colours: Mapping[int, str], domain: str = ""
) -> None:
    """The section of the migration page. ``mixes``: over interests whose ids are the keys of ``names``, in
    that order; of one ``domain`` where given.
    """
    st.markdown(f"### Which interests rise, which fade{f' in {plain(domain)}' if domain else ''}?")
    windows, counts = migration.windows, pd.Series(mixes.window).value_counts()
    known = [i for i in range(len(windows)) if counts.get(i, 0) >= SMALLEST_GROUP]
    if len(known) < 2:
        st.info(f"Fewer than two windows have {SMALLEST_GROUP} people, so shares cannot be compared.")
        return
    first, second = _pick_windows(windows, known)
    if first >= second:
        st.info("Choose a later window to compare with.")
        return
    found = share_change(mixes, first, second, list(names))
    before, after = windows[WINDOW].iloc[[first, second]]
    st.markdown(rising_sentence(found, names, before, after) + partly(migration, (before, after)))
    shown = most_changed(found.table)
    show_figure(
        change_chart(shown, names, colours),
        title=f"Change of share from {before} to {after}",
        note="Points of attention, with 95 % intervals over people; who was active in both windows is "
        "compared with themselves. Grey: the interval holds 0."
        + (
            f" The {MOST_DOTS} that changed most of {len(found.table)}."
            if len(shown) < len(found.table)
            else ""
        ),
        alt=f"Dots with intervals: the change of each interest's share from {before} to {after}",
        table=rising_table(found.table, names),
        name="rising",
    )


def _pick_windows(windows: pd.DataFrame, known: list[int]) -> tuple[int, int]:
    """Two of the ``known`` windows; at first the first and the last that the log covers whole."""
    whole = [i for i in known if not windows[PARTIAL].iloc[i]]
    ends = whole if len(whole) > 1 else known
    names = [str(windows[WINDOW].iloc[i]) for i in known]
    chosen = []
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for label, key, at in (("From", "rise-from", ends[0]), ("To", "rise-to", ends[-1])):
            name = st.selectbox(label, names, known.index(at), key=key, bind="query-params")
            chosen.append(known[names.index(name)])
    return chosen[0], chosen[1]


def rising_sentence(found: ShareChange, names: Names, before: str, after: str) -> str:
    """How many rose and faded beyond their intervals, the strongest of each, and whom it rests on."""
    rose, faded = found.table[found.table[LOW] > 0], found.table[found.table[HIGH] < 0]
    whom = (
        f"It rests on {count(found.n_before)} people active in {before} and {count(found.n_after)} in "
        f"{after}, {count(found.n_both)} of them in both."
    )
    if rose.empty and faded.empty:
        return f"From {before} to {after} no interest rose or faded beyond its 95 % interval. {whom}"
    told = [
        f"{called(names[int(row[INTEREST])])} {verb} most, by {_with_interval(row)}"
        for verb, row in (("rose", rose.head(1)), ("faded", faded.tail(1)))
        for _, row in row.iterrows()
    ]
    return (
        f"From {before} to {after}, {count(len(rose))} of {count(len(found.table))} interests rose and "
        f"{count(len(faded))} faded beyond their intervals: {' and '.join(told)}. {whom}"
    )


def _with_interval(row: "pd.Series[float]") -> str:
    return f"{100 * abs(row[SHIFT]):.1f} ± {50 * (row[HIGH] - row[LOW]):.1f} points"


def most_changed(table: pd.DataFrame, most: int = MOST_DOTS) -> pd.DataFrame:
    """The rows of the largest changes up or down, in the order of ``table``."""
    kept = table[SHIFT].abs().nlargest(most).index
    return table.loc[table.index.isin(kept)]


@drawn_once
def change_chart(table: pd.DataFrame, names: Names, colours: Mapping[int, str]) -> go.Figure:
    """A dot per interest with its interval, the largest rise on top."""
    rows = table.iloc[::-1]
    sure = (rows[LOW] > 0) | (rows[HIGH] < 0)
    dots = [colours[int(i)] if s else GREY for i, s in zip(rows[INTEREST], sure, strict=True)]
    labels = [names[int(i)] for i in rows[INTEREST]]
    figure = go.Figure(
        [
            _dot(row, name, colour)
            for (_, row), name, colour in zip(rows.iterrows(), labels, dots, strict=True)
        ]
    )
    figure.update_xaxes(title="Change of share (points)", zeroline=True, zerolinecolor=GREY, zerolinewidth=1)
    figure.update_yaxes(
        title=None,
        type="category",
        tickvals=labels,
        ticktext=[in_chart(shorten(label, 26)) for label in labels],
    )
    return framed(figure, 90 + 26 * max(3, len(rows)), legend=False)


def _dot(row: "pd.Series[float]", name: str, colour: str) -> go.Scatter:
    return go.Scatter(
        x=[100 * row[SHIFT]],
        y=[name],
        mode="markers",
        marker={"size": 11, "color": colour},
        error_x={"array": [100 * (row[HIGH] - row[SHIFT])], "color": colour, "thickness": 2, "width": 4},
        hovertemplate=f"<b>{in_chart(name)}</b><br>{percent(row[BEFORE])} to {percent(row[AFTER])}: "
        f"{points(row[SHIFT])}, from {points(row[LOW])} to {points(row[HIGH])}<extra></extra>",
    )


def rising_table(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Changes for reading."""
    return pd.DataFrame(
        {
            "Interest": table[INTEREST].map(names),
            "Before (%)": 100 * table[BEFORE],
            "After (%)": 100 * table[AFTER],
            "Change (points)": 100 * table[SHIFT],
            "Low (points)": 100 * table[LOW],
            "High (points)": 100 * table[HIGH],
            "Beyond its interval": (table[LOW] > 0) | (table[HIGH] < 0),
        }
    )
