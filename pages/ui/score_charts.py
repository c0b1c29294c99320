"""How good each model is, with its interval."""

import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts import drawn_once, framed
from pages.ui.colours import ACCENT, GREY, categorical
from pages.ui.phrases import in_chart, shorten
from pages.ui.score_words import MODEL_NAMES, model_name


@drawn_once
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
    in_two_lines = [label.replace(" (", "<br>(") for label in rows["label"]]  # leaves room on a phone
    figure.update_yaxes(type="category", title=None, tickvals=rows["label"], ticktext=in_two_lines)
    return framed(figure, 110 + 38 * len(rows), legend=False)


@drawn_once
def curve_chart(curve: pd.DataFrame) -> go.Figure:
    """A line per model over the number of titles known; ``curve``: ``Scorecard.curve``."""
    figure = go.Figure()
    for model, colour in _colours(curve["model"]).items():
        rows = curve[curve["model"] == model]
        figure.add_scatter(
            x=rows["known"].astype(str),
            y=rows["mean"],
            name=model_name(model),
            mode="lines+markers",
            line={"color": colour},
            error_y=_error(rows, colour),
            customdata=rows[["low", "high", "n_users"]],
            hovertemplate="<b>%{fullData.name}</b>: %{y:.4f} (%{customdata[0]:.4f}–%{customdata[1]:.4f}), "
            "%{customdata[2]:,} people<extra></extra>",
        )
    figure.update_layout(scattermode="group", scattergap=0.6)
    figure.update_xaxes(title="Titles already known", type="category")
    figure.update_yaxes(title="NDCG@10", rangemode="tozero")
    return _legend_below(framed(figure, 520))


@drawn_once
def group_chart(scores: pd.DataFrame) -> go.Figure:
    """A dot per model and group; ``scores``: the rows of one slice of ``Scorecard.slices``."""
    figure = go.Figure()
    scores = scores.assign(group=scores["group"].map(lambda group: in_chart(shorten(group))))
    groups = list(dict.fromkeys(scores["group"]))
    for model, colour in _colours(scores["model"]).items():
        rows = scores[scores["model"] == model]
        figure.add_scatter(
            x=rows["mean"],
            y=rows["group"],
            name=model_name(model),
            mode="markers",
            orientation="h",
            marker={"color": colour, "size": 9},
            error_x=_error(rows, colour),
            customdata=rows[["low", "high", "n_users"]],
            hovertemplate="<b>%{fullData.name}</b>, %{y}: %{x:.4f} "
            "(%{customdata[0]:.4f}–%{customdata[1]:.4f}), %{customdata[2]:,} people<extra></extra>",
        )
    figure.update_layout(scattermode="group", scattergap=0.3)
    figure.update_xaxes(title="NDCG@10", rangemode="tozero")
    figure.update_yaxes(type="category", title=None, categoryorder="array", categoryarray=groups[::-1])
    return _legend_below(framed(figure, 240 + 90 * len(groups)))


@drawn_once
def cost_chart(costs: pd.DataFrame) -> go.Figure:
    """A named dot per model; ``costs``: columns ``model``, ``ms``, ``mean``, ``low``, ``high``, ``fit``."""
    figure = go.Figure()
    colours = _colours(costs["model"])
    for row in costs.itertuples():
        colour = colours[row.model]
        figure.add_scatter(
            x=[row.ms],
            y=[row.mean],
            name=model_name(row.model),
            mode="markers",
            marker={"size": 12, "color": colour},
            error_y=_error(costs.loc[[row.Index]], colour),
            customdata=[[row.fit]],
            hovertemplate="<b>%{fullData.name}</b>: %{y:.4f}, %{x:.3f} ms a person, %{customdata[0]:.1f} s "
            "to fit<extra></extra>",
        )
    figure.update_xaxes(title="Milliseconds a person (log scale)", type="log", dtick=1)
    figure.update_yaxes(title="NDCG@10", rangemode="tozero")
    return _legend_below(framed(figure, 480))


def _legend_below(figure: go.Figure) -> go.Figure:
    figure.update_layout(legend={"orientation": "h", "yanchor": "top", "y": -0.2, "x": 0})
    return figure


def _colours(models: pd.Series) -> dict[str, str]:
    """A colour for each model, the same in every chart."""
    names = list(dict.fromkeys([*MODEL_NAMES, *models]))
    return {n: c for n, c in zip(names, categorical(len(names)), strict=True) if n in set(models)}


def _error(rows: pd.DataFrame, colour: str) -> dict[str, object]:
    """Bars from ``low`` to ``high``."""
    up, down = rows["high"] - rows["mean"], rows["mean"] - rows["low"]
    return {
        "type": "data",
        "symmetric": False,
        "array": up,
        "arrayminus": down,
        "thickness": 1.5,
        "width": 3,
        "color": colour,
    }


def _colour(name: str, scores: pd.DataFrame, against: str) -> str:
    if name == against:
        return GREY
    return "#D55E00" if name == scores["name"].iloc[0] else ACCENT
