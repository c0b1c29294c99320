"""The plot: CPU seconds by events, both on logarithmic scales; an SVG, light or dark as its reader."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import numpy as np

from tests.benchmarks.growth.measured import Measured

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 820, 520, 70, 150, 44, 52
LINES: Final = (
    *("#2563c9", "#c2410c", "#0f766e", "#9333ea", "#a16207", "#be185d", "#4d7c0f", "#475569"),
    *("#0891b2", "#dc2626", "#6d5ae0"),
)
"""Readable on white and on near black."""
_LABEL_GAP = 15.0
_STYLE: Final = """<style>
text { font: 13px system-ui, sans-serif; fill: #1f2328 } .paper { fill: #ffffff } .quiet { fill: #59636e }
.grid { stroke: #d1d9e0; stroke-width: 1 }
.linear { stroke: #59636e; stroke-dasharray: 5 5; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) { text { fill: #f0f6fc } .paper { fill: #0d1117 } .quiet { fill: #9198a1 }
.grid { stroke: #3d444d } .linear { stroke: #9198a1 } .line { filter: brightness(1.45) } }
</style>"""


def draw(steps: Mapping[str, Sequence[Measured]]) -> str:
    """The SVG. ``steps``: by name, each at one size or more, ascending."""
    rows = [row for measured in steps.values() for row in measured]
    scale = _Scale([row.events for row in rows], [row.cpu for row in rows])
    parts = [_STYLE, f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>', *_axes(scale)]
    ends = {name: scale.at(found[-1].events, found[-1].cpu) for name, found in steps.items()}
    label_y = _apart({name: y for name, (_, y) in ends.items()})
    for (name, found), colour in zip(steps.items(), LINES * 2, strict=False):
        points = [scale.at(row.events, row.cpu) for row in found]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(
            f'<polyline class="line" points="{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'
        )
        parts += [
            f'<circle class="line" cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points
        ]
        x = WIDTH - RIGHT + 14
        parts.append(
            f'<line class="line" x1="{points[-1][0] + 6:.1f}" y1="{points[-1][1]:.1f}" x2="{x - 4}" '
            f'y2="{label_y[name] - 4:.1f}" stroke="{colour}" stroke-width="0.8" stroke-dasharray="1 4"/>'
        )
        parts.append(f'<text x="{x}" y="{label_y[name]:.1f}">{escape(name)}</text>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
    told = "CPU seconds of each step by the number of events, on logarithmic scales"
    return f'{head} aria-label="{told}">\n' + "\n".join(parts) + "\n</svg>\n"


class _Scale:
    """From events and seconds to places in the picture."""

    def __init__(self, events: Sequence[float], seconds: Sequence[float]) -> None:
        self.x = np.log10([min(events), max(events)])
        self.y = np.array([np.floor(np.log10(min(seconds))), np.ceil(np.log10(max(seconds)))])

    def at(self, events: float, seconds: float) -> tuple[float, float]:
        across = (np.log10(events) - self.x[0]) / max(self.x[1] - self.x[0], 1e-9)
        up = (np.log10(seconds) - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def _axes(scale: _Scale) -> list[str]:
    parts = [f'<text x="{LEFT}" y="24" font-weight="600">CPU seconds by events; dashed: linear growth</text>']
    for power in range(int(scale.y[0]), int(scale.y[1]) + 1):
        _, y = scale.at(10 ** scale.x[0], 10**power)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text class="quiet" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>'
        )
    for events in (1e6, 3e6, 1e7, 3e7, 1e8):
        if scale.x[0] - 1e-9 <= np.log10(events) <= scale.x[1] + 1e-9:
            x, _ = scale.at(events, 10 ** scale.y[0])
            parts.append(
                f'<text class="quiet" x="{x:.1f}" y="{HEIGHT - 24}" text-anchor="middle">'
                f"{events / 1e6:g} million</text>"
            )
    rise = scale.x[1] - scale.x[0]
    begin = scale.at(10 ** scale.x[0], 10 ** scale.y[0])
    end = scale.at(10 ** scale.x[1], 10 ** (scale.y[0] + rise))
    parts.append(
        f'<line class="linear" x1="{begin[0]}" y1="{begin[1]:.1f}" x2="{end[0]}" y2="{end[1]:.1f}"/>'
    )
    return parts


def _apart(wanted: Mapping[str, float]) -> dict[str, float]:
    """Heights of labels, pushed down where they would lie over each other."""
    placed: dict[str, float] = {}
    last = -np.inf
    for name, y in sorted(wanted.items(), key=lambda pair: pair[1]):
        last = max(y + 4, last + _LABEL_GAP)
        placed[name] = last
    return placed
