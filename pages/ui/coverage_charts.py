"""The pictures of the coverage page."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts import drawn_once, framed, ranked_bars
from pages.ui.colours import ACCENT, GREY, domain_colours
from pages.ui.phrases import in_chart, shorten
from recsys_core.catalogue.coverage import ELSEWHERE, ENOUGH_USERS, EVENTS, FEW_USERS, SOURCE, TARGET
from recsys_core.catalogue.long_tail import TOP
from recsys_core.columns import DOMAIN, N_USERS, SHARE

MOST_PAIRS = 20
_LINE = 2.5


@drawn_once
def users_figure(domains: pd.DataFrame) -> go.Figure:
    """A bar per domain: its users who are in another domain too, then those who are only here.

    ``domains``: of ``domain_summary``.
    """
    rows = domains.sort_values(N_USERS)
    only = rows[N_USERS] - rows[ELSEWHERE]
    parts = (("In another domain too", rows[ELSEWHERE], ACCENT), ("Only here", only, GREY))
    figure = _bars(rows[DOMAIN].tolist(), parts, "%{y}: %{x:,} users")
    figure.update_layout(barmode="stack", legend={"traceorder": "normal"})
    figure.update_xaxes(title="Users", tickformat=",")
    return figure


@drawn_once
def text_figure(text: pd.DataFrame) -> go.Figure:
    """Two bars per domain: the share of its items with text, and of its events on them.

    ``text``: of ``text_coverage``.
    """
    rows = text.iloc[::-1]
    parts = (("Events", rows["share_events"], GREY), ("Items", rows["share_items"], ACCENT))
    figure = _bars(rows[DOMAIN].tolist(), parts, "%{y}: %{x:.1%}")
    figure.update_layout(
        barmode="group", height=90 + 48 * max(2, len(rows)), legend={"traceorder": "reversed"}
    )
    figure.update_xaxes(title="Share with text", tickformat=".0%", range=[0, 1.04])
    return figure


@drawn_once
def shared_figure(pairs: pd.DataFrame) -> go.Figure:
    """A bar per pair of domains, as long as the users they share; the line marks the least that is enough.

    ``pairs``: of ``shared_users``.
    """
    both = pairs.head(MOST_PAIRS)
    colours = [ACCENT if n >= FEW_USERS else GREY for n in both[N_USERS]]
    names = [f"{a} and {b}" for a, b in zip(both[SOURCE], both[TARGET], strict=True)]
    figure = ranked_bars(names, both[N_USERS].tolist(), "Shared users", colours)
    figure.add_vline(x=ENOUGH_USERS, line={"dash": "dot", "color": GREY, "width": 2})
    figure.update_xaxes(tickformat=",")
    return figure


@drawn_once
def events_figure(per_user: pd.DataFrame) -> go.Figure:
    """A line per domain, and one for all: the share of users with so many events or more.

    ``per_user``: of ``events_per_user``.
    """
    names = per_user[DOMAIN].unique()
    colours = domain_colours([name for name in names if name])
    figure = go.Figure()
    for name in [*colours, ""]:
        rows = per_user[per_user[DOMAIN] == name]
        label = name or "all domains"
        hover = f"{in_chart(label)}, %{{x}} or more: %{{y:.0%}} (%{{customdata[0]:,}} users)<extra></extra>"
        figure.add_scatter(
            x=rows[EVENTS].astype(str),
            y=rows[SHARE],
            name=in_chart(shorten(label)),
            mode="lines+markers",
            line={"color": colours.get(name, GREY), "width": _LINE, "dash": "solid" if name else "dash"},
            customdata=rows[[N_USERS]],
            hovertemplate=hover,
        )
    figure.update_xaxes(type="category", title="Events of a user, at least")
    figure.update_yaxes(title="Share of users", tickformat=".0%", range=[0, 1.04])
    return framed(figure, 320, legend=len(names) > 1)


@drawn_once
def tail_figure(curve: pd.DataFrame) -> go.Figure:
    """A curve per domain: the share of the events on the most taken items; dotted, all taken alike.

    ``curve``: of ``concentration``.
    """
    figure = go.Figure()
    for name, colour in domain_colours(list(curve[DOMAIN].unique())).items():
        rows = curve[curve[DOMAIN] == name]
        figure.add_scatter(
            x=rows[TOP],
            y=rows[SHARE],
            name=in_chart(shorten(name)),
            mode="lines",
            line={"color": colour, "width": _LINE},
            hovertemplate=f"{in_chart(name)}: the first %{{x:.1%}} of items hold %{{y:.0%}}<extra></extra>",
        )
    alike = {"color": GREY, "dash": "dot", "width": 1.5}
    figure.add_scatter(x=[0, 1], y=[0, 1], name="all alike", mode="lines", line=alike, hoverinfo="skip")
    figure.update_xaxes(title="Share of items, the most taken first", tickformat=".0%", range=[0, 1.04])
    figure.update_yaxes(title="Share of events", tickformat=".0%", range=[0, 1.04])
    return framed(figure, 360)


def _bars(names: Sequence[str], parts: Sequence[tuple[str, pd.Series, str]], hover: str) -> go.Figure:
    """Horizontal bars, one colour a part; ``names`` from the bottom up."""
    labels = [in_chart(shorten(name, 24)) for name in names]
    figure = go.Figure()
    for part, values, colour in parts:
        figure.add_bar(
            x=values,
            y=labels,
            name=part,
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate=f"{hover}, {part.lower()}<extra></extra>",
        )
    figure.update_yaxes(type="category", title=None)
    return framed(figure, 90 + 30 * max(3, len(labels)))
