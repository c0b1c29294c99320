"""The pictures of the coverage page."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.ui.charts import framed, ranked_bars
from pages.ui.colours import ACCENT, GREY
from recsys_core.catalogue.coverage import ENOUGH_USERS, EVIDENCE, SOURCE, TARGET, Evidence
from recsys_core.columns import N_USERS

_MOST_PAIRS = 20
_EDGES = (1, 2, 3, 5, 10, 20, 50, 100)


def shared_figure(pairs: pd.DataFrame) -> go.Figure:
    """A bar per pair of domains, as long as the users they share; the line marks what is enough.

    ``pairs``: ``directions`` of a dataset; each pair stands in it twice.
    """
    both = pairs[pairs[SOURCE] < pairs[TARGET]].head(_MOST_PAIRS)
    colours = [GREY if kind == Evidence.TOO_FEW else ACCENT for kind in both[EVIDENCE]]
    names = [f"{a} and {b}" for a, b in zip(both[SOURCE], both[TARGET], strict=True)]
    figure = ranked_bars(names, both[N_USERS].tolist(), "Shared users", colours)
    figure.add_vline(x=ENOUGH_USERS, line={"dash": "dot", "color": GREY, "width": 2})
    figure.add_annotation(
        x=ENOUGH_USERS,
        y=1,
        yref="paper",
        yanchor="bottom",
        text="enough",
        showarrow=False,
        font={"color": GREY},
    )
    figure.update_xaxes(tickformat=",")
    return figure


def events_table(per_user: NDArray[np.int64]) -> pd.DataFrame:
    """Columns ``Events``, ``Users``: how many users have 1, 2, 3–4 … events."""
    tops = (*(edge - 1 for edge in _EDGES[1:]), None)
    rows = []
    for low, top in zip(_EDGES, tops, strict=True):
        n_users = int(((per_user >= low) & (per_user <= (top or per_user.max(initial=low)))).sum())
        name = f"{low} or more" if top is None else str(low) if low == top else f"{low} to {top}"
        rows.append({"Events": name, "Users": n_users})
    return pd.DataFrame(rows)


def events_figure(table: pd.DataFrame) -> go.Figure:
    """Bars of users by number of events."""
    figure = go.Figure(
        go.Bar(
            x=table["Events"],
            y=table["Users"],
            marker={"color": ACCENT},
            hovertemplate="%{x} events: %{y:,} users<extra></extra>",
        )
    )
    figure.update_xaxes(type="category", title="Events of a user")
    figure.update_yaxes(title="Users", tickformat=",")
    return framed(figure, 300, legend=False)
