"""Where interests went between two windows: as streams, and as excess over chance."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts import drawn_once, framed
from pages.ui.colours import DIVERGING, GREY, faded, ink
from pages.ui.phrases import in_chart, percent, points, shorten


@drawn_once
def streams(
    flows: pd.DataFrame, names: Mapping[int, str], colours: Mapping[int, str], dark: bool = False
) -> go.Figure:
    """A Sankey from the interests of one window to those of the next.

    ``flows``: columns ``from_interest, to_interest`` (ids), ``weight`` (fraction of all activity in the
    first window), ``share`` (fraction of the interest it leaves), ``excess`` (over chance), ``significant``.
    Moves beyond chance carry the colour of the interest they leave, what stays carries it faintly, and
    what is no more than chance is grey.
    """
    ids = _by_weight(flows)
    place = {interest: i for i, interest in enumerate(ids)}
    links = flows[flows["weight"] > 0]
    figure = go.Figure(
        go.Sankey(
            arrangement="snap",
            textfont={"color": ink(dark), "size": 13, "shadow": "none"},
            node={
                "label": [in_chart(shorten(names[i], 18)) for i in ids] * 2,
                "color": [colours[i] for i in ids] * 2,
                "pad": 12,
                "thickness": 14,
                "line": {"width": 0},
                "customdata": [in_chart(names[i]) for i in ids] * 2,
                "hovertemplate": "<b>%{customdata}</b><br>%{value:.1%} of all activity<extra></extra>",
            },
            link={
                "source": links["from_interest"].map(place),
                "target": links["to_interest"].map(place) + len(ids),
                "value": links["weight"],
                "color": [link_colour(row, colours) for row in links.itertuples()],
                "customdata": [link_words(row, names) for row in links.itertuples()],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        )
    )
    return framed(figure, max(360, 90 + 34 * len(ids)), legend=False)


@drawn_once
def excess_matrix(flows: pd.DataFrame, names: Mapping[int, str], order: Sequence[int]) -> go.Figure:
    """Rows: the interest left; columns: the interest gone to; colour: points over what chance explains.

    ``flows``: columns ``from_interest, to_interest, share, expected, excess, q, significant``. Cells that
    are not significant are grey but keep their number: written up to 8 interests, beyond that on hover.
    """
    rows = [f"{in_chart(shorten(names[i], 18))}  {n}" for n, i in enumerate(order, 1)]
    columns = [str(n) for n in range(1, len(order) + 1)]
    excess = 100 * _grid(flows, "excess", order)
    sure = _grid(flows, "significant", order) > 0
    words = _matrix_words(flows, names, order)
    limit = max(1.0, float(np.nanmax(np.abs(excess), initial=0.0)))
    figure = go.Figure()
    for z, look in ((np.where(sure, np.nan, 0.0), _UNSURE), (np.where(sure, excess, np.nan), _sure(limit))):
        hover = {"customdata": words, "hovertemplate": "%{customdata}<extra></extra>"}
        figure.add_heatmap(z=z, x=columns, y=rows, xgap=2, ygap=2, **hover, **look)
    if len(order) <= 30:
        _write_cells(figure, excess, sure & (np.abs(excess) > 0.25 * limit), sure)
    figure.update_xaxes(title="moved to (number)", type="category", tickangle=0, showgrid=False)
    figure.update_yaxes(title=None, type="category", autorange="reversed", showgrid=False)
    return framed(figure, max(340, 150 + 28 * len(order)), legend=False)


_UNSURE: Final[dict[str, Any]] = {
    "colorscale": [[0, faded(GREY, 0.12)], [1, faded(GREY, 0.12)]],
    "showscale": False,
}


def _sure(limit: float) -> dict[str, Any]:
    bar = {"orientation": "h", "thickness": 10, "len": 0.6, "y": 1.01, "yanchor": "bottom"}
    bar["title"] = {"text": "points over chance", "side": "top"}
    return {"colorscale": DIVERGING, "zmid": 0, "zmin": -limit, "zmax": limit, "colorbar": bar}


def _by_weight(flows: pd.DataFrame) -> list[int]:
    both = pd.concat([flows.groupby(side)["weight"].sum() for side in ("from_interest", "to_interest")])
    return [int(i) for i in both.groupby(level=0).sum().sort_values(ascending=False).index]


def link_colour(row: object, colours: Mapping[int, str]) -> str:
    """Of one flow, a row of ``itertuples``: strong beyond chance, faint where it stayed, else grey."""
    if row.from_interest == row.to_interest:
        return faded(colours[row.from_interest], 0.22)
    if row.significant and row.excess > 0:
        return faded(colours[row.from_interest], 0.8)
    return faded(GREY, 0.14)


def link_words(row: object, names: Mapping[int, str]) -> str:
    """What the pointer says of one flow."""
    there = in_chart(names[row.to_interest])
    moved = "stayed with" if row.from_interest == row.to_interest else "moved to"
    sure = "more than chance" if row.significant and row.excess > 0 else "no more than chance explains"
    sure = "less than chance" if row.significant and row.excess < 0 else sure
    return (
        f"<b>{percent(row.share)}</b> of {in_chart(names[row.from_interest])}<br>{moved} <b>{there}</b><br>"
        f"{points(row.excess)} against chance ({sure})"
    )


def _matrix_words(flows: pd.DataFrame, names: Mapping[int, str], order: Sequence[int]) -> np.ndarray:
    words = {(row.from_interest, row.to_interest): link_words(row, names) for row in flows.itertuples()}
    return np.array([[words.get((a, b), "nobody") for b in order] for a in order], dtype=object)


def _grid(flows: pd.DataFrame, column: str, order: Sequence[int]) -> np.ndarray:
    table = flows.pivot_table(index="from_interest", columns="to_interest", values=column, aggfunc="first")
    return table.reindex(index=list(order), columns=list(order)).to_numpy(float, na_value=0.0)


def _write_cells(figure: go.Figure, excess: np.ndarray, strong: np.ndarray, sure: np.ndarray) -> None:
    # On an axis of categories a number is a place; a label such as "1" would be read as the second one.
    for (row, column), value in np.ndenumerate(excess):
        if len(excess) > 8 and not sure[row, column]:
            continue  # too narrow on a phone; the hover has it
        text = f"{value:+.0f}" if abs(value) >= 0.5 else "0"
        if strong[row, column]:  # a cell may be narrower than its number
            ground = {"bgcolor": _stop_beside(value / np.nanmax(np.abs(excess))), "borderpad": 0}
        else:
            ground = {}
        figure.add_annotation(
            x=column,
            y=row,
            text=f"<b>{text}</b>" if sure[row, column] else text,
            showarrow=False,
            opacity=1.0 if sure[row, column] else 0.7,
            font={"size": 12, "color": "#FFFFFF"} if strong[row, column] else {"size": 12},
            **ground,
        )


def _stop_beside(value: float) -> str:
    """The colour of the scale's stop nearest to a ``value`` in [-1, 1]."""
    return str(min(DIVERGING, key=lambda stop: abs(float(stop[0]) - (value + 1) / 2))[1])
