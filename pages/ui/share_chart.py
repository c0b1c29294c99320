"""Interests over time, as lines with their intervals or as a stream; as shares or as events."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts import BAND, drawn_once, framed
from pages.ui.colours import faded
from pages.ui.phrases import in_chart, shorten


@drawn_once
def shares_over_time(
    shares: pd.DataFrame,
    changes: pd.DataFrame,
    names: Mapping[int, str],
    colours: Mapping[int, str],
    windows: Sequence[str],
    *,
    events: bool = False,
) -> go.Figure:
    """One line per interest with its 95 % band; triangles where a share rose or fell for good.

    ``shares``: columns ``window, interest, share, low, high`` (fractions). ``changes``: columns
    ``interest, window, direction`` ("rising" or "fading"). ``windows``: ids in order. ``events``: ``share``
    holds numbers of events, without intervals.
    """
    figure = go.Figure()
    for interest, known in shares.groupby("interest", sort=False):
        rows = known.set_index("window").reindex(windows)
        _add_band(figure, windows, rows, colours[interest], str(interest))
        figure.add_scatter(
            x=list(windows),
            y=rows["share"],
            mode="lines+markers",
            name=in_chart(shorten(names[interest], 26)),
            legendgroup=str(interest),
            line={"color": colours[interest], "width": 2.5},
            marker={"size": 6},
            customdata=rows[["low", "high"]],
            hovertemplate=f"<b>{in_chart(names[interest])}</b><br>%{{x}}: {_VALUE[events]}"
            f"{'' if events else ' (%{customdata[0]:.1%} to %{customdata[1]:.1%})'}<extra></extra>",
        )
    _add_changes(figure, shares, changes, names, colours)
    return _with_axes(figure, windows, events)


@drawn_once
def stream(
    shares: pd.DataFrame,
    names: Mapping[int, str],
    colours: Mapping[int, str],
    windows: Sequence[str],
    *,
    events: bool = False,
) -> go.Figure:
    """The same as areas on top of each other, without intervals; a window without a value counts as 0."""
    figure = go.Figure()
    for interest, known in shares.groupby("interest", sort=False):
        rows = known.set_index("window")["share"].reindex(windows).fillna(0.0)
        figure.add_scatter(
            x=list(windows),
            y=rows,
            mode="lines",
            name=in_chart(shorten(names[interest], 26)),
            stackgroup="all",
            line={"color": colours[interest], "width": 0.5},
            fillcolor=faded(colours[interest], 0.75),
            hovertemplate=f"<b>{in_chart(names[interest])}</b><br>%{{x}}: {_VALUE[events]}<extra></extra>",
        )
    return _with_axes(figure, windows, events)


_VALUE = {False: "%{y:.1%}", True: "%{y:,} events"}


def _with_axes(figure: go.Figure, windows: Sequence[str], events: bool) -> go.Figure:
    figure.update_xaxes(type="category", title="Window", categoryorder="array", categoryarray=list(windows))
    figure.update_yaxes(
        tickformat=",d" if events else ".0%",
        title="Events" if events else "Share of activity",
        rangemode="tozero",
    )
    return framed(figure, 440)


def _add_band(figure: go.Figure, windows: Sequence[str], rows: pd.DataFrame, colour: str, group: str) -> None:
    known = rows[["low", "high"]].notna().all(axis=1).to_numpy()
    x = [w for w, k in zip(windows, known, strict=True) if k]
    low, high = rows["low"][known].tolist(), rows["high"][known].tolist()
    figure.add_scatter(
        x=x + x[::-1],
        y=high + low[::-1],
        fill="toself",
        fillcolor=faded(colour, BAND),
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        legendgroup=group,
        showlegend=False,
    )


def _add_changes(
    figure: go.Figure,
    shares: pd.DataFrame,
    changes: pd.DataFrame,
    names: Mapping[int, str],
    colours: Mapping[int, str],
) -> None:
    at = shares.set_index(["interest", "window"])["share"]
    for row in changes.itertuples():
        if (row.interest, row.window) not in at.index:
            continue
        figure.add_scatter(
            x=[row.window],
            y=[at[(row.interest, row.window)]],
            mode="markers",
            legendgroup=str(row.interest),
            showlegend=False,
            marker={
                "symbol": "triangle-up" if row.direction == "rising" else "triangle-down",
                "size": 16,
                "color": colours[row.interest],
                "line": {"width": 2, "color": "white"},
            },
            hovertemplate=f"<b>{in_chart(names[row.interest])}</b><br>"
            f"{row.direction} since %{{x}}<extra></extra>",
        )
