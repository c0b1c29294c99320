"""What may come next: shares now and then with their interval, and the likeliest interests of one person."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts import drawn_once, framed
from pages.ui.colours import GREY
from pages.ui.phrases import in_chart, shorten

MOST: Final = 15


@drawn_once
def now_and_next(forecast: pd.DataFrame, names: Mapping[int, str], colours: Mapping[int, str]) -> go.Figure:
    """Per interest a ring (its share now), a dot (the forecast) and its 95 % bar; at most 15, largest on top.

    ``forecast``: columns ``interest, share, forecast, low, high`` (fractions), ``from_window, to_window``.
    """
    rows = forecast.nlargest(MOST, "forecast").iloc[::-1]
    labels = [in_chart(shorten(names[int(i)], 24)) for i in rows["interest"]]
    look = [colours[int(i)] for i in rows["interest"]]
    whole = [in_chart(names[int(i)]) for i in rows["interest"]]
    now, then = rows["from_window"].iloc[0], rows["to_window"].iloc[0]
    figure = go.Figure()
    for label, row, colour in zip(labels, rows.itertuples(), look, strict=True):
        line = {"color": colour, "width": 3}
        figure.add_scatter(x=[row.low, row.high], y=[label, label], mode="lines", line=line, hoverinfo="skip")
    figure.add_scatter(
        x=rows["share"],
        y=labels,
        mode="markers",
        marker={
            "size": 13,
            "color": "rgba(0,0,0,0)",
            "line": {"width": 2, "color": GREY},
            "symbol": "circle",
        },
        customdata=whole,
        hovertemplate=f"<b>%{{customdata}}</b><br>{now}: %{{x:.1%}}<extra></extra>",
    )
    figure.add_scatter(
        x=rows["forecast"],
        y=labels,
        mode="markers",
        marker={"size": 10, "color": look},
        customdata=list(zip(whole, rows["low"], rows["high"], strict=True)),
        hovertemplate=f"<b>%{{customdata[0]}}</b><br>{then}: %{{x:.1%}} "
        "(%{customdata[1]:.1%} to %{customdata[2]:.1%})<extra></extra>",
    )
    figure.update_xaxes(title="Share of activity", tickformat=".0%", range=[0, 1.04 * rows["high"].max()])
    figure.update_yaxes(type="category", title=None, categoryorder="array", categoryarray=labels)
    return framed(figure, 90 + 32 * len(rows), legend=False)


@drawn_once
def likely_next(names: Sequence[str], shares: Sequence[float], colours: Sequence[str]) -> go.Figure:
    """Bars of what one person may turn to, the likeliest on top; all come likeliest first."""
    figure = go.Figure(
        go.Bar(
            x=list(shares)[::-1],
            y=[in_chart(shorten(name, 24)) for name in names][::-1],
            orientation="h",
            marker={"color": list(colours)[::-1]},
            customdata=[in_chart(name) for name in names][::-1],
            hovertemplate="<b>%{customdata}</b>: %{x:.0%} of what they may do<extra></extra>",
        )
    )
    figure.update_xaxes(title="Expected share", tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(type="category", title=None)
    return framed(figure, 80 + 30 * len(names), legend=False)
