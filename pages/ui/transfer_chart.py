"""Which domains help which, as a picture."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.ui.charts import framed
from pages.ui.colours import GREY, RATIOS, faded, ink, ink_on
from pages.ui.phrases import in_chart, shorten
from pages.ui.transfer_words import cell_words, from_name
from recsys_core.evaluation.transfer_matrix import Direction, TransferMatrix

WIDEST: Final = 6
"""With more columns than this, a cell has room for the ratio alone on a phone."""

LEAST_RANGE: Final = 1.5
"""The colours reach at least from 1 / 1.5 to 1.5, so that a small gain does not look like a large one."""

Numbers = NDArray[np.float64]


def transfer_chart(matrix: TransferMatrix, dark: bool = False) -> go.Figure:
    """Rows: the domains known; columns: the domain recommended in; colour: the ratio to popularity on a log
    scale around 1. Cells that may be chance are grey but keep their number.
    """
    rows = list(dict.fromkeys(from_name(one, matrix) for one in _by_size(matrix)))
    columns = list(dict.fromkeys(one.target for one in matrix.directions))
    at = {(rows.index(from_name(one, matrix)), columns.index(one.target)): one for one in matrix.directions}
    limit = _limit(matrix)
    names = {"x": [_lines(column) for column in columns], "y": [_lines(row) for row in rows]}
    words = np.array(
        [
            [cell_words(at[r, c]) if (r, c) in at else "" for c in range(len(columns))]
            for r in range(len(rows))
        ]
    )
    hover = {"customdata": words, "hovertemplate": "%{customdata}<extra></extra>", "xgap": 2, "ygap": 2}
    figure = go.Figure()
    for sure, look in ((False, _UNSURE), (True, _sure(limit))):
        figure.add_heatmap(z=_grid(at, words.shape, sure=sure), **names, **hover, **look)
    for (row, column), one in at.items():
        colour = ink_on(RATIOS, 0.5 + _log(one) / limit / 2) if one.sure else ink(dark)
        _write(figure, (row, column), one, colour, narrow=len(columns) > WIDEST)
    figure.update_xaxes(title="helps newcomers of", type="category", side="top", tickangle=0, showgrid=False)
    figure.update_yaxes(title=None, type="category", autorange="reversed", showgrid=False)
    return framed(figure, 150 + 54 * len(rows), legend=False)


_UNSURE: Final[dict[str, Any]] = {
    "colorscale": [[0, faded(GREY, 0.18)], [1, faded(GREY, 0.18)]],
    "showscale": False,
}


def _by_size(matrix: TransferMatrix) -> list[Direction]:
    """Single domains first, in their order, then more together."""
    return sorted(matrix.directions, key=lambda one: (len(one.sources), one.sources))


def _limit(matrix: TransferMatrix) -> float:
    """How far the colours reach from 1, as a log2."""
    logs = [abs(_log(one)) for one in matrix.directions if one.sure]
    return max([float(np.log2(LEAST_RANGE)), *logs])


def _log(one: Direction) -> float:
    """log2 of the ratio, no farther than 8 times."""
    return float(np.clip(np.log2(max(one.ratio or 1.0, 1e-9)), -3, 3))


def _grid(at: dict[tuple[int, int], Direction], shape: Sequence[int], *, sure: bool) -> Numbers:
    """What is sure as log2 of the ratio, or where there is anything that isn't; NaN elsewhere."""
    grid = np.full(shape, np.nan)
    for cell, one in at.items():
        if one.sure == sure:
            grid[cell] = _log(one) if sure else 0.0
    return grid


def _sure(limit: float) -> dict[str, Any]:
    ends = (-limit, 0, limit)
    bar = {"orientation": "h", "thickness": 10, "len": 0.6, "y": 0, "yanchor": "top", "yref": "paper"}
    bar |= {"tickvals": ends, "ticktext": [f"{2**end:.2g} ×" for end in ends]}
    bar["title"] = {"text": "as good as popularity", "side": "bottom"}
    return {"colorscale": RATIOS, "zmid": 0, "zmin": -limit, "zmax": limit, "colorbar": bar}


def _lines(name: str) -> str:
    """Domains and their words below each other, so that names stay narrow."""
    parts = ["<br>".join(map(in_chart, wrap(shorten(part, 20), 10))) for part in name.split(" + ")]
    return "<br>+ ".join(parts)


def _write(figure: go.Figure, cell: tuple[int, int], one: Direction, colour: str, *, narrow: bool) -> None:
    """The ratio and its interval in one cell; on an axis of categories a number is a place."""
    figure.add_annotation(
        x=cell[1],
        y=cell[0],
        text=_cell_text(one, narrow=narrow),
        showarrow=False,
        opacity=1.0 if one.sure else 0.75,
        font={"size": 12, "color": colour},
    )


def _cell_text(one: Direction, *, narrow: bool) -> str:
    if one.ratio is None:
        return "–" if narrow else f"too few<br><span style='font-size:10px'>{one.n_shared:,} people</span>"
    ratio = f"{one.ratio:.1f}" if narrow else f"{one.ratio:.2f}"
    bold = f"<b>{ratio}</b>" if one.sure else ratio
    if narrow:
        return bold
    return f"{bold}<br><span style='font-size:10px'>{one.low:.2f}–{one.high:.2f}</span>"
