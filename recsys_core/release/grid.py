"""The windows of a release: a grid that no event decides on, cut to where there surely are people."""

import math
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.logs.windows import Window, WindowSize, windows_between
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.release.noise import CONFIDENCE, Noisy

BEGINS: Final = pd.Timestamp("1995-01-01", tz="UTC")
"""Events before it are not counted: no public log of clicks or purchases is older."""


def public_windows(size: WindowSize, until: datetime) -> tuple[Window, ...]:
    """All windows from ``BEGINS`` to ``until``, when the dataset was imported: its first and its last event
    may be those of one person, so they must not tell.
    """
    return windows_between(int(BEGINS.timestamp()), int(until.timestamp()), size)


def held(people: Noisy) -> slice:
    """The windows from the first to the last in which there surely are ten people or more, those between
    included; an empty slice where there is none. Goes by the noisy numbers alone, so it costs nothing more.

    With 95 % certainty neither is a window without anybody: a draw exceeds t upwards with a probability of
    exp(-t / scale) / 2, in any of W windows with W times that.
    """
    n_windows = len(people.values)
    threshold = SMALLEST_GROUP + people.scale * math.log(n_windows / (2 * (1 - CONFIDENCE)))
    sure = np.flatnonzero(people.values >= threshold)
    return slice(int(sure[0]), int(sure[-1]) + 1) if len(sure) else slice(0, 0)
