"""What stands in for a history where a person only typed text: the nearest catalogue items."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.profile import Profile

Floats = NDArray[np.float32]
NEAREST = 10


def expand(
    profiles: Sequence[Profile], text_vectors: Floats, now: int = 0, nearest: int = NEAREST
) -> tuple[Profile, ...]:
    """The same profiles; where one has a typed text and no history, its history becomes the ``nearest``
    items by cosine to ``text_vectors`` (I, dim), of any domain, all taken at unix second ``now``.

    Items without text are never chosen; ties go to the lower row number.
    """
    return tuple(_expanded(profile, text_vectors, now, nearest) for profile in profiles)


def _expanded(profile: Profile, text_vectors: Floats, now: int, nearest: int) -> Profile:
    if len(profile.history) or not profile.has_text:
        return profile
    rows = nearest_items(profile, text_vectors)[:nearest]
    return replace(profile, history=Profile.from_picks(rows.tolist(), now).history, emphasis=None)


def nearest_items(profile: Profile, text_vectors: Floats) -> NDArray[np.int64]:
    """Rows of the items with text, nearest to the typed text first."""
    assert profile.text_vector is not None  # noqa: S101 - the callers asked has_text
    order = np.argsort(-(text_vectors @ profile.text_vector), kind="stable")
    return order[np.any(text_vectors[order] != 0, axis=1)]
