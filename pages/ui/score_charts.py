"""How good each model is, with its interval."""

import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts import framed
from pages.ui.colours import ACCENT, GREY


def leaderboard(scores: pd.DataFrame, metric: str, against: str) -> go.Figure:
    """A dot with its 95 % interval per model, best on top, and a line at the model they are compared to: at
    zero where that model is not in ``scores``, which then are differences to it.

    ``scores``: columns ``name``, ``label``, ``mean``, ``low``, ``high`` (the metric's own unit), best first.
    """
    rows = scores.iloc[::-1]
    figure = go.Figure(
        go.Scatter(
            x=rows["mean"],
            y=rows["label"],
            mode="markers",
            marker={"size": 12, "color": [_colour(name, scores, against) for name in rows["name"]]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": rows["high"] - rows["mean"],
                "arrayminus": rows["mean"] - rows["low"],
                "thickness": 2,
                "width": 5,
                "color": GREY,
            },
            customdata=rows[["low", "high"]],
            hovertemplate="<b>%{y}</b>: %{x:.4f} (%{customdata[0]:.4f}–%{customdata[1]:.4f})<extra></extra>",
        )
    )
    base = scores.loc[scores["name"] == against, "mean"]
    if len(rows):
        figure.add_vline(
            x=float(base.iloc[0]) if len(base) else 0.0, line={"dash": "dot", "color": GREY, "width": 1.5}
        )
    figure.update_xaxes(title=metric, rangemode="tozero")
    figure.update_yaxes(type="category", title=None)
    return framed(figure, 110 + 38 * len(rows), legend=False)


def _colour(name: str, scores: pd.DataFrame, against: str) -> str:
    if name == against:
        return GREY
    return "#D55E00" if name == scores["name"].iloc[0] else ACCENT
