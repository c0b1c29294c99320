"""What every chart has in common, and the charts that serve more than one page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.colours import ACCENT, GREY
from pages.ui.phrases import in_chart, shorten

CONFIG: Final[dict[str, Any]] = {
    "displaylogo": False,
    "showSendToCloud": False,
    "scrollZoom": False,
    "toImageButtonOptions": {"format": "svg"},
    "modeBarButtonsToRemove": ["autoScale2d", "toggleSpikelines", "hoverCompareCartesian"],
}
"""No cloud button, no logo; the camera saves SVG."""

BAND: Final = 0.18

drawn_once: Final = st.cache_resource(max_entries=16, show_spinner=False)
"""For what draws a chart of numbers and changes nothing else: the same numbers are drawn once, for everybody,
since drawing is a large part of what a page takes. Nobody changes such a chart afterwards.
"""


def framed(figure: go.Figure, height: int, *, legend: bool = True, left: int = 8) -> go.Figure:
    """Margins, fonts and legend as on every page; the chart's title stands outside, as page text."""
    figure.update_layout(
        height=height,
        margin={"l": left, "r": 8, "t": 16, "b": 8},
        showlegend=legend,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "title": None},
        hoverlabel={"namelength": -1},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        modebar={"bgcolor": "rgba(0,0,0,0)"},
    )
    figure.update_xaxes(automargin=True)
    figure.update_yaxes(automargin=True)
    return figure


@drawn_once
def stacked_bars(
    table: pd.DataFrame, windows: Sequence[str], order: Sequence[str], colours: Mapping[str, str]
) -> go.Figure:
    """Shares per window, one bar a window, one colour a group.

    ``table``: columns ``window`` (one of ``windows``, which are in order), ``group`` (text), ``share``
    (fraction in [0, 1]), ``n_events``. ``order``: groups from bottom to top.
    """
    figure = go.Figure()
    for group in order:
        rows = table[table["group"] == group]
        hover = f"<b>{in_chart(group)}</b><br>%{{x}}: %{{y:.0%}} (%{{customdata[0]:,}} events)<extra></extra>"
        figure.add_bar(
            x=rows["window"],
            y=rows["share"],
            name=in_chart(shorten(group)),
            marker={"color": colours.get(group, GREY), "line": {"width": 0}},
            customdata=rows[["n_events"]],
            hovertemplate=hover,
        )
    figure.update_layout(barmode="stack", bargap=0.15)
    figure.update_xaxes(type="category", title="Window", categoryorder="array", categoryarray=list(windows))
    figure.update_xaxes(range=[-0.5, len(windows) - 0.5])
    figure.update_yaxes(tickformat=".0%", title="Share of events", range=[0, 1])
    return framed(figure, 380)


@drawn_once
def ranked_bars(
    labels: Sequence[str], values: Sequence[float], axis: str, colour: str | Sequence[str] = ACCENT
) -> go.Figure:
    """Horizontal bars, the largest on top; ``labels`` and ``values`` come largest first."""
    figure = go.Figure(
        go.Bar(
            x=list(values)[::-1],
            y=[in_chart(shorten(label, 28)) for label in labels][::-1],
            orientation="h",
            marker={"color": colour if isinstance(colour, str) else list(colour)[::-1]},
            customdata=[in_chart(label) for label in labels][::-1],
            hovertemplate="%{customdata}: %{x:,}<extra></extra>",
        )
    )
    figure.update_xaxes(title=axis, rangemode="tozero")
    figure.update_yaxes(type="category", title=None)
    return framed(figure, 60 + 26 * max(3, len(labels)), legend=False)
