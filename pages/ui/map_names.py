"""The names of the interests on the map: as many as have room."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.colours import ink
from pages.ui.map_chart import Frame
from pages.ui.phrases import in_chart, shorten
from recsys_core.columns import X, Y
from recsys_core.interests.interests import UNCLEAR

NAME_OF_INTEREST: Final = "name of an interest"
"""What the script looks for: the name of the annotations that it may hide."""

EDGE: Final = 0.2
"""Of the width: nearer to an edge a name goes inwards, so that it has room on a phone."""


def add_names(figure: go.Figure, centres: pd.DataFrame, frame: Frame, dark: bool, most: int = 150) -> None:
    """Write names on the map. ``centres``: ``x, y, name, n`` (how much it stands for); where two names
    would overlap, the one that stands for more is seen, and the other when ``thin_names`` finds room for it.
    """
    width, height = frame[1] - frame[0], frame[3] - frame[2]
    kept: list[tuple[float, float, float]] = []
    for row in centres.sort_values("n", ascending=False).head(most).itertuples():
        label = shorten(str(row.name), 30)
        x, y, half = (row.x - frame[0]) / width, (row.y - frame[2]) / height, 0.0045 * len(label) + 0.01
        room = all(abs(x - a) >= half + h or abs(y - b) >= 0.045 for a, b, h in kept)
        if room:
            kept.append((x, y, half))
        figure.add_annotation(
            name=NAME_OF_INTEREST,
            opacity=1 if room else 0,
            x=row.x,
            y=row.y,
            text=in_chart(label),
            showarrow=False,
            font={"size": 12, "color": ink(dark)},
            bgcolor="rgba(20,22,28,0.72)" if dark else "rgba(255,255,255,0.78)",
            borderpad=1,
            yanchor="bottom",
            yshift=4,
            xanchor="left" if x < EDGE else "right" if x > 1 - EDGE else "center",
            hovertext=in_chart(row.name),
        )


def thin_names(of: str) -> None:
    """From now on the browser shows as many names on the map as have room, at every zoom, those that stand
    for more first. Without scripts, the names stay that ``add_names`` chose. ``of``: the view; the
    script runs anew when it changes.
    """
    script = Path(__file__).with_name("thin_names.js").read_text(encoding="utf-8")
    st.html(f"<script>// {of}\n{script}</script>", unsafe_allow_javascript=True)


def centres(points: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Where to write each name: above the densest spot of its points. ``points``: ``x, y, group``. What is
    unclear lies here and there, and has no name on the map.
    """
    cells = [(points[axis].max() - points[axis].min() + 1e-9) / 24 for axis in (X, Y)]
    rows = [
        _densest(group, cells) | {"name": names[int(i)]}
        for i, group in points.groupby("group", sort=True)
        if names[int(i)] != UNCLEAR
    ]
    return pd.DataFrame(rows, columns=[X, Y, "n", "name"])


def _densest(points: pd.DataFrame, cells: Sequence[float]) -> dict[str, float]:
    x, y = points[X].to_numpy(float), points[Y].to_numpy(float)
    _, where, n = np.unique(
        np.column_stack([x // cells[0], y // cells[1]]), axis=0, return_inverse=True, return_counts=True
    )
    fullest = where.ravel() == n.argmax()
    near = (np.abs(x - x[fullest].mean()) < 2 * cells[0]) & (np.abs(y - y[fullest].mean()) < 2 * cells[1])
    return {X: float(np.median(x[near])), Y: float(np.quantile(y[near], 0.98)), "n": float(len(points))}
