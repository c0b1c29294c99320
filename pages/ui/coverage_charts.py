"""The pictures of the coverage page."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.ui.charts import framed
from pages.ui.colours import ACCENT, SEQUENTIAL
from pages.ui.phrases import count, shorten
from recsys_core.catalogue.coverage import SOURCE, TARGET
from recsys_core.columns import N_USERS

_EDGES = (1, 2, 3, 5, 10, 20, 50, 100)


def shared_figure(pairs: pd.DataFrame) -> go.Figure:
    """Domains by domains, the colour and the number in each cell are shared users."""
    grid = pairs.pivot_table(index=SOURCE, columns=TARGET, values=N_USERS)
    names = sorted(set(pairs[SOURCE]))
    values = grid.reindex(index=names, columns=names).to_numpy(float)
    text = [["" if np.isnan(value) else count(value) for value in row] for row in values]
    labels = [shorten(name, 20) for name in names]
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=labels,
            y=labels,
            text=text,
            texttemplate="%{text}",
            colorscale=SEQUENTIAL,
            zmin=0,
            zmax=max(1.0, float(pairs[N_USERS].max())),
            hovertemplate="%{y} and %{x}: %{z:,} shared users<extra></extra>",
            colorbar={"title": "Users", "tickformat": ",", "thickness": 12},
            hoverongaps=False,
        )
    )
    figure.update_xaxes(type="category")
    figure.update_yaxes(type="category", autorange="reversed")
    return framed(figure, 140 + 52 * len(names), legend=False)


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
