"""What may be told of people: of groups only, and no small one can be worked out from the others."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

SMALLEST_GROUP: Final = 10
"""Groups of fewer users are neither tested, drawn as an average nor exported."""


def may_be_told(sizes: ArrayLike, *, apart: bool) -> NDArray[np.bool_]:
    """(N,) which of the groups that make up a whole may be told, by their ``sizes`` (N,) in people.

    Not those under ten; and where the whole is known, what is left out is the whole less what is told, so the
    smallest group told goes as well where that would be of fewer than ten. ``apart``: nobody is in two of the
    groups, so that those left out may add up to ten; else they may be the same people. Groups of nobody hide
    nothing. Source: complementary suppression, Cox 1980.
    """
    people = np.asarray(sizes)
    told = people >= SMALLEST_GROUP
    hidden = people[~told]
    if hidden.any() and told.any() and not (apart and hidden.sum() >= SMALLEST_GROUP):
        told[np.flatnonzero(told)[people[told].argmin()]] = False
    return told
