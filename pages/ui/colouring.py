"""What a point's colour stands for: a kind among a few, or an amount on a scale."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pages.ui.colours import GREY, OKABE_ITO, VIRIDIS, Scale
from pages.ui.phrases import count

OTHER: Final = "other"
UNKNOWN: Final = "unknown"
_GREY_PART = 0.08
_SKEWED = 20.0


class Form(StrEnum):
    """How an amount is read: as a number, a number on a log scale, or days since 1970 as a date."""

    NUMBER = "number"
    LOG = "log"
    DATE = "date"


@dataclass(frozen=True)
class ColourBar:
    """The bar beside the map: ``low`` … ``high`` is viridis; ``grey``: what is unknown lies below ``low``."""

    title: str
    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    grey: bool

    @property
    def bottom(self) -> float:
        """Where the grey part begins; ``low`` where there is none."""
        return self.low - _GREY_PART * (self.high - self.low) / (1 - _GREY_PART) if self.grey else self.low

    @property
    def scale(self) -> Scale:
        """A Plotly colour scale from ``bottom`` to ``high``."""
        part = _GREY_PART if self.grey else 0.0
        last = len(VIRIDIS) - 1
        viridis: Scale = [
            [round(part + (1 - part) * i / last, 6), colour] for i, colour in enumerate(VIRIDIS)
        ]
        return [[0.0, GREY], [part, GREY], *viridis] if self.grey else viridis


@dataclass(frozen=True, eq=False)
class Colouring:
    """``values`` (N,): whole numbers into ``colours``, or amounts along ``bar``. ``told`` (N,): the value in
    words, for the hover; empty where the hover says it anyway. ``legend``: (name, colour) to show.
    """

    values: NDArray[np.generic]
    colours: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()
    bar: ColourBar | None = None
    told: tuple[str, ...] = ()


def by_kind(values: pd.Series, what: str) -> Colouring:
    """The 8 commonest values in Okabe–Ito colours, all others grey, the unknown too."""
    text = values.astype("string").str.strip().fillna("")
    known = text[text != ""]
    top = list(known.value_counts().index[: len(OKABE_ITO)])
    codes = text.map({name: i for i, name in enumerate(top)}).fillna(len(top)).to_numpy(np.int64)
    legend = tuple(zip(top, OKABE_ITO, strict=False))
    if (codes == len(top)).any():
        rest = OTHER if len(known) == len(text) else f"{OTHER} or {UNKNOWN}"
        legend = (*legend, (rest if known.nunique() > len(top) else UNKNOWN, GREY))
    told = tuple(f"{what}: {name or UNKNOWN}" for name in text)
    return Colouring(codes, (*OKABE_ITO[: len(top)], GREY), legend, told=told)


def by_amount(values: NDArray[np.float64], what: str, form: Form) -> Colouring:
    """Viridis from the smallest to the largest amount; not-a-number is unknown and grey.

    Numbers that reach 20 times their median are put on a log scale where all are positive; else the colours
    end at the 1st and the 99th percentile, so that a few odd values do not hide all others.
    """
    known = values[np.isfinite(values)]
    if not len(known):
        bar = ColourBar(what, 0.0, 1.0, (), (), grey=True)
        return Colouring(
            np.full(len(values), bar.bottom), bar=bar, told=(f"{what}: {UNKNOWN}",) * len(values)
        )
    if form is Form.NUMBER and known.min() > 0 and known.max() > _SKEWED * np.median(known):
        form = Form.LOG
    along = np.log10(values) if form is Form.LOG else values
    low, high = _ends(along[np.isfinite(along)], form)
    ticks, labels = _ticks(low, high, form)
    bar = ColourBar(what, low, high, ticks, labels, grey=len(known) < len(values))
    shown = np.where(np.isfinite(along), np.clip(along, low, high), bar.bottom)
    told = tuple(f"{what}: {_told(value, form) if np.isfinite(value) else UNKNOWN}" for value in values)
    return Colouring(shown, bar=bar, told=told)


def _ends(known: NDArray[np.float64], form: Form) -> tuple[float, float]:
    ends = np.quantile(known, [0.01, 0.99]) if form is Form.NUMBER else np.array([known.min(), known.max()])
    low, high = float(ends[0]), float(ends[1])
    return (low, high) if high > low else (low, low + 1.0)


def _ticks(low: float, high: float, form: Form) -> tuple[tuple[float, ...], tuple[str, ...]]:
    if form is Form.DATE:
        edge = 0.01 * (high - low)  # a tick at the very end of the bar would not be drawn
        days = np.linspace(low + edge, high - edge, 4)
        pattern = "%b %Y" if high - low > 150 else "%d %b %Y"
        return tuple(days), tuple(_date(day).strftime(pattern) for day in days)
    if form is Form.LOG:
        every = [step * 10.0**power for power in range(-3, 10) for step in (1, 3)]
        amounts = [amount for amount in every if low - 1e-9 <= np.log10(amount) <= high + 1e-9]
        return tuple(float(np.log10(amount)) for amount in amounts), tuple(map(_number, amounts))
    rough = (high - low) / 4
    power = 10.0 ** np.floor(np.log10(rough))
    step = power * next(n for n in (1, 2, 5, 10) if n * power >= rough)
    amounts = list(np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step)
    return tuple(amounts), tuple(map(_number, amounts))


def _told(value: float, form: Form) -> str:
    return f"{_date(value):%d %B %Y}" if form is Form.DATE else _number(value)


def _number(value: float) -> str:
    return count(value) if value == round(value) else f"{value:,.3g}" if abs(value) < 1000 else count(value)


def _date(day: float) -> pd.Timestamp:
    return pd.Timestamp("1970-01-01") + pd.Timedelta(days=float(day))
