"""Flows along a whole history: one column per window, the same interests in the same order in each."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from pages.ui.charts import drawn_once, framed
from pages.ui.flow_charts import link_colour, link_words
from pages.ui.phrases import in_chart, shorten
from recsys_core.columns import EXCESS, FROM_INTEREST, FROM_WINDOW, SIGNIFICANT, TO_INTEREST, TO_WINDOW

THINNEST: Final = 0.003
"""Moves of less of all activity are not drawn unless they are beyond chance."""

_LABELS: Final = 132
"""Pixels to the right of the last column for the names of interests."""

_LINE: Final = 15
"""Pixels of height that a label takes."""

_GAP: Final = 0.25
"""Fraction of the height that stays free between interests."""


def drawn_flows(flows: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``flows`` (with ``weight``) worth a line: what stayed, what is beyond chance, the rest
    where it is not hair-thin.
    """
    stayed = flows[FROM_INTEREST] == flows[TO_INTEREST]
    sure = flows[SIGNIFICANT].astype(bool) & (flows[EXCESS] > 0)
    return flows[(flows["weight"] > 0) & (stayed | sure | (flows["weight"] >= THINNEST))]


@drawn_once
def alluvial(
    flows: pd.DataFrame,
    windows: Sequence[str],
    names: Mapping[int, str],
    colours: Mapping[int, str],
) -> go.Figure:
    """A Sankey with a column for each of ``windows``; ``flows``: as for ``streams``, of many pairs."""
    nodes = _nodes(flows, windows)
    place = {node: i for i, node in enumerate(zip(nodes["window"], nodes["interest"], strict=True))}
    figure = go.Figure(
        go.Sankey(
            arrangement="fixed",
            node={
                "x": nodes["x"],
                "y": nodes["y"],
                "color": [colours[i] for i in nodes["interest"]],
                "pad": 4,
                "thickness": 10,
                "line": {"width": 0},
                "customdata": [
                    f"{in_chart(names[row.interest])}, {row.window}" for row in nodes.itertuples()
                ],
                "hovertemplate": "<b>%{customdata}</b><br>%{value:.1%} of all activity<extra></extra>",
            },
            link={
                "source": [
                    place[pair] for pair in zip(flows[FROM_WINDOW], flows[FROM_INTEREST], strict=True)
                ],
                "target": [place[pair] for pair in zip(flows[TO_WINDOW], flows[TO_INTEREST], strict=True)],
                "value": flows["weight"],
                "color": [link_colour(row, colours) for row in flows.itertuples()],
                "customdata": [link_words(row, names) for row in flows.itertuples()],
                "hovertemplate": "%{customdata}<extra></extra>",
            },
        )
    )
    figure = framed(figure, max(460, 160 + 34 * nodes["interest"].nunique()), legend=False)
    _name_windows(figure, windows)
    _name_interests(figure, nodes[nodes["window"] == windows[-1]], names)
    return figure


def _nodes(flows: pd.DataFrame, windows: Sequence[str]) -> pd.DataFrame:
    """``window``, ``interest``, ``x``, ``y`` in (0, 1): the largest interest on top in every column."""
    sides = [
        flows.groupby([window, interest])["weight"].sum().rename_axis(["window", "interest"])
        for window, interest in ((FROM_WINDOW, FROM_INTEREST), (TO_WINDOW, TO_INTEREST))
    ]
    height = pd.concat(sides, axis=1).max(axis=1).rename("height").reset_index()
    rank = height.groupby("interest")["height"].sum().rank(ascending=False, method="first")
    at = {window: i for i, window in enumerate(windows)}
    nodes = height.assign(rank=height["interest"].map(rank), column=height["window"].map(at))
    nodes = nodes.sort_values(["column", "rank"], ignore_index=True)
    tallest = nodes.groupby("column")["height"].sum().max()
    before = nodes.groupby("column")["height"].cumsum() - nodes["height"] / 2
    gap = _GAP / max(nodes["interest"].nunique() - 1, 1)
    y = (1 - _GAP) * before / tallest + gap * nodes.groupby("column").cumcount()
    x = nodes["column"] / max(len(windows) - 1, 1)
    return nodes.assign(x=x.clip(0.001, 0.999), y=y.clip(0.001, 0.999))


def _name_windows(figure: go.Figure, windows: Sequence[str]) -> None:
    upright = len(windows) > 4  # side by side they would run into each other on a phone
    for i, window in enumerate(windows):
        share = i / max(len(windows) - 1, 1)
        figure.add_annotation(
            x=share,
            y=1.0,
            xref="paper",
            yref="paper",
            text=window,
            showarrow=False,
            yanchor="bottom",
            yshift=4,
            xanchor="center" if upright or 0 < i < len(windows) - 1 else "left" if i == 0 else "right",
            textangle=-90 if upright else 0,
        )
    figure.update_layout(margin={"t": 76 if upright else 32})


def _name_interests(figure: go.Figure, nodes: pd.DataFrame, names: Mapping[int, str]) -> None:
    """Beside the last column, where a label crosses no other; ``nodes``: of that column, from the top."""
    rows = np.arange(len(nodes)) * _LINE / figure.layout.height
    apart = np.maximum.accumulate(nodes["y"].to_numpy() - rows) + rows  # the lower gives way
    for interest, y in zip(nodes["interest"], apart, strict=True):
        figure.add_annotation(
            x=1.0,
            y=1 - y,
            xref="paper",
            yref="paper",
            text=in_chart(shorten(names[interest], 16)),
            showarrow=False,
            xanchor="left",
            xshift=8,
            yanchor="middle",
            font={"size": 12},
        )
    figure.update_layout(margin={"r": _LABELS})
