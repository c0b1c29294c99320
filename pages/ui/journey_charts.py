"""One person's way: events on a line of time, and how their change compares to everybody's."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts import drawn_once, framed
from pages.ui.colours import ACCENT, GREY
from pages.ui.phrases import in_chart, shorten


@drawn_once
def timeline(events: pd.DataFrame, order: Sequence[str], colours: Mapping[str, str]) -> go.Figure:
    """Events by time, coloured by ``group``.

    ``events``: columns ``when`` (UTC), ``lane``, ``group`` and ``title`` (text). ``order``: groups in the
    order of the legend.
    """
    figure = go.Figure()
    for group in order:
        rows = events[events["group"] == group]
        figure.add_scatter(
            x=rows["when"],
            y=rows["lane"],
            mode="markers",
            name=in_chart(shorten(group, 26)),
            marker={"size": 11, "color": colours.get(group, GREY), "opacity": 0.85, "symbol": "circle"},
            customdata=[in_chart(shorten(title, 80)) for title in rows["title"]],
            hovertemplate=f"<b>%{{customdata}}</b><br>{in_chart(group)}<br>%{{x|%d %B %Y}}<extra></extra>",
        )
    figure.update_xaxes(title=None, type="date")
    figure.update_yaxes(
        title=None, type="category", categoryorder="array", categoryarray=sorted(set(events["lane"]))
    )
    return framed(figure, 150 + 60 * max(1, events["lane"].nunique()))


@drawn_once
def drift_among_all(everyone: np.ndarray, own: float) -> go.Figure:
    """How much each user changed, counted in 40 steps, with this user's place marked."""
    n, edges = np.histogram(everyone, bins=40)
    figure = go.Figure(go.Bar(x=(edges[1:] + edges[:-1]) / 2, y=n, marker={"color": GREY, "opacity": 0.6}))
    figure.update_traces(hovertemplate="%{y:,} users at %{x:.2f}<extra></extra>")
    figure.add_vline(x=own, line={"color": ACCENT, "width": 3}, annotation={"text": "this user"})
    figure.update_layout(bargap=0)
    figure.update_xaxes(title="Strength of change (0 = none)")
    figure.update_yaxes(title="Users")
    return framed(figure, 280, legend=False)


def events_per_window(
    events: pd.DataFrame, names: Mapping[int, str], colours: Mapping[int, str], windows: Sequence[str]
) -> go.Figure:
    """Stacked bars, a colour a group, in the order of ``events`` from the bottom.

    ``events``: columns ``window`` (one of ``windows``, which are in order), ``interest`` (key of ``names``
    and ``colours``), ``share`` (the number of events).
    """
    figure = go.Figure()
    for group, rows in events.groupby("interest", sort=False):
        figure.add_bar(
            x=rows["window"],
            y=rows["share"],
            name=in_chart(shorten(names[group], 26)),
            marker={"color": colours[group], "line": {"width": 0}},
            hovertemplate=f"<b>{in_chart(names[group])}</b><br>%{{x}}: %{{y:,}} events<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.15)
    figure.update_xaxes(type="category", title="Window", categoryorder="array", categoryarray=list(windows))
    figure.update_yaxes(title="Events", tickformat=",d")
    return framed(figure, 440)
