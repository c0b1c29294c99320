"""People gliding through the windows: an animation that plays in the browser, trails, and arrows."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from pages.ui.charts import framed
from pages.ui.colours import GREY, ink, steps
from pages.ui.map_chart import Frame
from pages.ui.phrases import count
from recsys_core.columns import INTEREST, N_USERS, TO_X, TO_Y, X, Y
from recsys_core.interests.movement import Paths

MOST_TRAILS: Final = 40
_MOST_GLIDING = 1_000
_MOST_POSITIONS = 80_000
_STEP_MS = 900
_SHORTEST = 0.01


def most_gliding(n_windows: int) -> int:
    """How many people are drawn over ``n_windows``, so that the picture stays under 2 MB."""
    return min(_MOST_GLIDING, _MOST_POSITIONS // max(1, n_windows))


def draw_motion(
    paths: Paths,
    groups: NDArray[np.int64],
    colours: Sequence[str],
    frame: Frame,
    *,
    selected: NDArray[np.int64] | None = None,
    height: int = 720,
) -> go.Figure:
    """``paths`` with a play button and a slider of windows; it opens on the last window.

    ``groups``: (W, N) index into ``colours`` of each person in each window, any where not yet seen. Who has
    no events in a window stays, faint, where they were. ``selected``: as in ``draw_layer``. Drawn as SVG:
    only that glides.
    """
    last = len(paths.windows) - 1
    figure = go.Figure(
        go.Scatter(
            **_state(paths, groups, last),
            ids=[str(n) for n in range(len(paths.users))],
            mode="markers",
            hovertemplate="<b>One person</b><extra></extra>",
            selectedpoints=None if selected is None else selected,
            unselected={"marker": {"color": GREY, "opacity": 0.12}},
            showlegend=False,
            name="points",
        )
    )
    scale = {"size": 7, "colorscale": steps(colours), "cmin": -0.5, "cmax": len(colours) - 0.5}
    figure.update_traces(marker=scale)
    figure.frames = [
        go.Frame(name=window, data=[go.Scatter(**_state(paths, groups, at))], traces=[0])
        for at, window in enumerate(paths.windows)
    ]
    figure.update_xaxes(visible=False, range=frame[:2], fixedrange=False)
    figure.update_yaxes(visible=False, range=frame[2:], fixedrange=False)
    figure.update_layout(dragmode="lasso", uirevision="motion", updatemenus=[_buttons()])
    figure.update_layout(sliders=[_slider(paths.windows)])
    return framed(figure, height, legend=False)


def add_trails(figure: go.Figure, paths: Paths, colour: str) -> None:
    """A line along each of the first 40 ``paths``, from where a person was first to where they were last."""
    xy = paths.xy[:, :MOST_TRAILS]  # (W, n, 2)
    gap = np.full((1, xy.shape[1], 2), np.nan, np.float32)
    lines = np.concatenate([xy, gap]).swapaxes(0, 1).reshape(-1, 2)
    figure.add_scatter(
        x=_rounded(lines[:, 0]),
        y=_rounded(lines[:, 1]),
        mode="lines",
        line={"color": colour, "width": 1},
        opacity=0.4,
        hoverinfo="skip",
        showlegend=False,
        name="trails",
    )


def add_arrows(
    figure: go.Figure, moved: pd.DataFrame, colours: Mapping[int, str], frame: Frame, dark: bool
) -> int:
    """An arrow with the number of people beside it for each row of ``mean_movement`` that is longer than a
    hundredth of the picture; ``colours`` by interest id. How many were drawn.
    """
    width, height = frame[1] - frame[0], frame[3] - frame[2]
    length = np.hypot((moved[TO_X] - moved[X]) / width, (moved[TO_Y] - moved[Y]) / height)
    drawn = moved[length > _SHORTEST]
    for row in drawn.to_dict("records"):
        colour = colours.get(int(row[INTEREST]), ink(dark))
        figure.add_annotation(
            x=row[TO_X],
            y=row[TO_Y],
            ax=row[X],
            ay=row[Y],
            axref="x",
            ayref="y",
            showarrow=True,
            arrowhead=2,
            arrowwidth=2.5,
            arrowcolor=colour,
        )
        figure.add_annotation(
            x=(row[X] + row[TO_X]) / 2,
            y=(row[Y] + row[TO_Y]) / 2,
            text=f"<b>{count(row[N_USERS])}</b>",
            hovertext=f"{count(row[N_USERS])} people",
            font={"size": 12, "color": ink(dark)},
            bgcolor="rgba(20,22,28,0.72)" if dark else "rgba(255,255,255,0.78)",
            borderpad=1,
            showarrow=False,
            yshift=12,
        )
    return len(drawn)


def _state(paths: Paths, groups: NDArray[np.int64], at: int) -> dict[str, Any]:
    """Where everybody is in one window, as part of a trace."""
    opacity = np.where(paths.active[at], 0.85, 0.2)
    return {
        "x": _rounded(paths.xy[at, :, 0]),
        "y": _rounded(paths.xy[at, :, 1]),
        "marker": {"color": groups[at].tolist(), "opacity": opacity.tolist()},
    }


def _rounded(values: NDArray[np.float32]) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 3) for value in values]


def _glide(duration: int) -> dict[str, Any]:
    return {
        "frame": {"duration": duration, "redraw": False},
        "transition": {"duration": duration, "easing": "cubic-in-out"},
        "fromcurrent": True,
        "mode": "immediate",
    }


def _buttons() -> dict[str, Any]:
    play = {"label": "▶ Play", "method": "animate", "args": [None, _glide(_STEP_MS)]}
    pause = {"label": "❚❚ Pause", "method": "animate", "args": [[None], _glide(0)]}
    return {
        "type": "buttons",
        "direction": "left",
        "showactive": False,
        "buttons": [play, pause],
        "bgcolor": "rgba(128,128,128,0.12)",
        "bordercolor": "rgba(128,128,128,0.5)",
        "x": 0,
        "xanchor": "left",
        "y": -0.02,
        "yanchor": "top",
        "pad": {"t": 0, "r": 8},
    }


def _slider(windows: Sequence[str]) -> dict[str, Any]:
    moves = [
        {"label": window, "method": "animate", "args": [[window], _glide(_STEP_MS // 2)]}
        for window in windows
    ]
    return {
        "active": len(windows) - 1,
        "steps": moves,
        "currentvalue": {"prefix": "Window: ", "xanchor": "left"},
        "x": 0,
        "len": 1,
        "y": -0.02,
        "pad": {"t": 44, "b": 8, "l": 8, "r": 8},
    }
