"""Colours: few, safe for colour-blind eyes, readable on light and dark, the same on every page."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from plotly.colors import sequential

from recsys_core.columns import INTEREST, NAME
from recsys_core.interests.interests import UNCLEAR, Interests


def _hexes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GREY: Final = "#9A9A9A"
"""What is unclear, not significant or not selected."""

ACCENT: Final = "#0072B2"

OKABE_ITO: Final = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#B8A800", "#7A5C99")
"""Okabe & Ito (2008); their yellow is darkened and their black made violet, so that both themes show all."""

MANY: Final = _hexes(
    "#0072B2 #E69F00 #009E73 #D55E00 #CC79A7 #56B4E9 #84D860 #C0003C #FCB484 #486C00 #C06CE4 #00D8D8 "
    "#906C48 #B40C84 #006C78 #FC7884 #0060D8 #F0A8FC #A8CC9C #845460 #A89C3C #00D884 #6C9CFC #0C9C3C "
    "#CCCC3C #E43078 #FC6C54 #9C4818 #486C54 #FCB4B4 #84549C #CCB4D8 #FC6CCC #6C9C00 #6C9054 #6C84A8 "
    "#FCA854 #C0CC78 #48D8B4 #009C9C #7848B4 #906C00 #C09C84 #9084CC #246C30 #CC8454 #A84848 #904878 "
    "#C07884 #90CCE4 #C048B4 #84C0B4 #78B460 #CC3C30 #FC60A8 #FC9CD8 #00D8FC #B4A86C #A83060 #F04860 "
    "#787830 #CC8424 #6C84FC #0078D8 #60C084 #B4C0FC #48A8C0 #6C9C84 #CC786C #E49CB4 #546090 #C0549C "
    "#A8C048 #A89C00 #0090C0 #C090F0 #CC84CC #E4C09C #606C3C #009CE4 #FC9078 #6C9030 #00B49C #906CCC "
    "#308400 #CC546C #906C9C #FC843C #00786C #54B43C #E4C060 #F0789C #00A860 #9C9CCC #CC6C30 #C06048"
)
"""96 colours, each the farthest from those before it in CIELAB, half by normal sight and half by the worse
of protanopia and deuteranopia (Machado et al. 2009), after Glasbey et al. (2007)."""

Scale = list[list[float | str]]

DIVERGING: Final[Scale] = [
    [0.0, "#B35806"],
    [0.25, "#E08214"],
    [0.5, "rgba(150,150,150,0.10)"],
    [0.75, "#4393C3"],
    [1.0, "#1B5A99"],
]
"""Orange below zero, blue above; zero is see-through, so it fits both themes."""

RATIOS: Final[Scale] = [
    [0.0, "#B35806"],
    [0.25, "#E99A3C"],
    [0.5, "#F9E4C8"],
    [0.5, "#D9EAF6"],
    [0.75, "#7DB5DB"],
    [1.0, "#1B5A99"],
]
"""Orange below one, blue above, no grey between; opaque, so that what is written on it reads alike in both
themes."""

VIRIDIS: Final = tuple(sequential.Viridis)
"""For amounts: dark is little."""


def categorical(n: int) -> tuple[str, ...]:
    """``n`` colours in a fixed order: Okabe–Ito up to 8, the larger set beyond (repeating after 96)."""
    if n <= len(OKABE_ITO):
        return OKABE_ITO[:n]
    return tuple(MANY[i % len(MANY)] for i in range(n))


def interest_colours(interests: Interests) -> dict[int, str]:
    """The colour of every interest id, by its place in its level; "Unclear" is grey."""
    colours: dict[int, str] = {}
    for level in range(interests.n_levels):
        rows = interests.at_level(level)
        named = [int(i) for i, name in zip(rows[INTEREST], rows[NAME], strict=True) if name != UNCLEAR]
        colours |= dict.fromkeys((int(i) for i in rows[INTEREST]), GREY)
        colours |= dict(zip(named, categorical(len(named)), strict=True))
    return colours


def domain_colours(domains: Sequence[str]) -> dict[str, str]:
    """The colour of every domain, by its place among the sorted names."""
    return dict(zip(sorted(domains), categorical(len(domains)), strict=True))


def steps(colours: Sequence[str]) -> Scale:
    """A Plotly colour scale that gives whole number i the i-th colour (with cmin=-0.5, cmax=n-0.5)."""
    n = len(colours)
    return [[edge / n, colour] for i, colour in enumerate(colours) for edge in (i, i + 1)]


def ink(dark: bool) -> str:
    """The colour of text on a chart, where Plotly's own would be too pale."""
    return "#F2F4F7" if dark else "#1F2328"


def ink_on(scale: Scale, at: float) -> str:
    """Black or white, whichever contrasts more with the colour ``at`` [0, 1] of an opaque scale (relative
    luminance as in WCAG 2).
    """
    stops = [float(stop) for stop, _ in scale]
    shades = np.array([[int(str(colour)[i : i + 2], 16) / 255 for i in (1, 3, 5)] for _, colour in scale])
    mixed = np.array([np.interp(at, stops, channel) for channel in shades.T])
    linear = np.where(mixed <= 0.04045, mixed / 12.92, ((mixed + 0.055) / 1.055) ** 2.4)
    return "#000000" if linear @ (0.2126, 0.7152, 0.0722) > 0.179 else "#FFFFFF"


def faded(colour: str, opacity: float) -> str:
    """A hex colour with ``opacity`` in [0, 1] as ``rgba(…)``."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
