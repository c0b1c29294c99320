"""The map of interests: points that stand still, coloured by group, with the interests' names on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.ui.charts import framed
from pages.ui.colouring import ColourBar
from pages.ui.colours import GREY, faded, steps
from pages.ui.phrases import in_chart, shorten
from recsys_core.columns import X, Y

Frame = tuple[float, float, float, float]
"""Left, right, bottom, top of the picture, in map units."""

_CELLS = 160
_SHADES = [[0.0, faded(GREY, 0.08)], [1.0, faded(GREY, 0.75)]]


@dataclass(frozen=True, eq=False)
class MapLayer:
    """``points``: columns ``x``, ``y``, ``value`` (an index into ``colours``, or an amount along ``bar``),
    ``hover`` (text), one row per point; its place is what a selection speaks of. ``legend``: (name,
    colour) to show. ``everything``: (M, 2) where all are, if ``points`` are a sample of them.
    """

    points: pd.DataFrame
    colours: tuple[str, ...]
    legend: tuple[tuple[str, str], ...] = ()
    bar: ColourBar | None = None
    everything: NDArray[np.float32] | None = None


def frame_of(*positions: pd.DataFrame) -> Frame:
    """The frame that holds all ``positions`` with a margin of 4 %."""
    x = np.concatenate([p[X].to_numpy(float) for p in positions])
    y = np.concatenate([p[Y].to_numpy(float) for p in positions])
    pad_x, pad_y = (0.04 * max(float(np.ptp(v)), 1e-6) for v in (x, y))
    return float(x.min() - pad_x), float(x.max() + pad_x), float(y.min() - pad_y), float(y.max() + pad_y)


def draw_layer(
    layer: MapLayer,
    frame: Frame,
    *,
    selected: NDArray[np.int64] | None = None,
    height: int = 640,
    faint: bool = False,
) -> go.Figure:
    """One WebGL layer of points; ``selected``: row positions that keep their colour, the rest turn grey.

    ``faint``: a backdrop for marks, without hover or selection.
    """
    points = layer.points
    trace = go.Scattergl(
        x=points[X].to_numpy(np.float32),
        y=points[Y].to_numpy(np.float32),
        mode="markers",
        text=points["hover"].to_numpy(object),
        hovertemplate=None if faint else "%{text}<extra></extra>",
        hoverinfo="skip" if faint else None,
        marker={"size": _size(len(points)), "opacity": 0.25 if faint else 0.75, **colours_of(layer)},
        selectedpoints=None if selected is None else selected,
        selected={"marker": {"opacity": 0.95}},
        unselected={"marker": {"color": GREY, "opacity": 0.18}},
        showlegend=False,
        name="points",
    )
    figure = go.Figure(trace)
    if layer.everything is not None:
        _add_density(figure, layer.everything, frame)
    _add_legend(figure, layer.legend)
    figure.update_xaxes(visible=False, range=frame[:2], fixedrange=False)
    figure.update_yaxes(visible=False, range=frame[2:], fixedrange=False)
    figure.update_layout(dragmode=False if faint else "lasso", uirevision="map")
    return framed(figure, height, legend=bool(layer.legend))


def colours_of(layer: MapLayer) -> dict[str, Any]:
    """The part of a trace's ``marker`` that says the colours of the points."""
    values, bar = layer.points["value"], layer.bar
    if bar is None:
        colours = layer.colours or (GREY,)
        ends = {"cmin": -0.5, "cmax": len(colours) - 0.5, "showscale": False}
        return {"color": values.to_numpy(np.int16), "colorscale": steps(colours), **ends}
    drawn = {
        "orientation": "h",
        "title": {"text": in_chart(bar.title), "side": "top"},
        "tickvals": [bar.bottom, *bar.ticks] if bar.grey else list(bar.ticks),
        "ticktext": ["unknown", *bar.labels] if bar.grey else list(bar.labels),
        "thickness": 10,
        "len": 0.7,
        "outlinewidth": 0,
        "x": 0,
        "xanchor": "left",
        "y": 1.0,
        "yanchor": "bottom",
    }
    ends = {"cmin": bar.bottom, "cmax": bar.high, "showscale": True}
    return {"color": values.to_numpy(np.float32), "colorscale": bar.scale, "colorbar": drawn, **ends}


def add_marks(figure: go.Figure, marks: pd.DataFrame, name: str, symbol: str, colour: str) -> None:
    """Mark a few places: ``x, y, hover``; ``symbol`` as Plotly names it. Drawn above the points."""
    figure.add_scattergl(
        x=marks[X].to_numpy(np.float32),
        y=marks[Y].to_numpy(np.float32),
        mode="markers",
        text=marks["hover"].to_numpy(object),
        hovertemplate="%{text}<extra></extra>",
        marker={
            "size": 15 if len(marks) <= 30 else 9,
            "symbol": symbol,
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        name=name,
        showlegend=True,
    )
    figure.update_layout(showlegend=True)


def _size(n: int) -> float:
    return 9.0 if n < 500 else 6.0 if n < 5_000 else 4.0 if n < 20_000 else 3.0


def _add_density(figure: go.Figure, xy: NDArray[np.float32], frame: Frame) -> None:
    """Shade the picture by how many lie where, on a log scale. WebGL points are drawn above it."""
    edges = [np.linspace(low, high, _CELLS + 1) for low, high in (frame[:2], frame[2:])]
    n, _, _ = np.histogram2d(xy[:, 0], xy[:, 1], bins=edges)
    shade = np.where(n > 0, np.log1p(n), np.nan).T.astype(np.float32)
    x, y = ((edge[1:] + edge[:-1]) / 2 for edge in edges)
    figure.add_heatmap(
        x=x,
        y=y,
        z=shade,
        colorscale=_SHADES,
        showscale=False,
        hoverinfo="skip",
        zsmooth="best",
        name="density",
    )


def _add_legend(figure: go.Figure, entries: Sequence[tuple[str, str]]) -> None:
    for name, colour in entries:
        figure.add_scatter(
            x=[None],
            y=[None],
            mode="markers",
            name=in_chart(shorten(name)),
            marker={"size": 10, "color": colour},
        )
