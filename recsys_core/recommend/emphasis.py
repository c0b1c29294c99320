"""Histories whose events count unequally, for recommenders that know only whole events."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.recommend.profile import Profile

Floats = NDArray[np.float32]
LEVELS = 8


def by_layers(profiles: Sequence[Profile], score: Callable[[Sequence[History]], Floats]) -> Floats:
    """(P, T) ``score`` of the profiles' histories. Where a history is weighed, the mean over levels t of the
    score of the events that count at least t, for t drawn evenly between 0 and what the most important event
    counts: the Lovász extension of a set function (Lovász 1983), at eight levels.
    """
    layers = [_layers(profile) for profile in profiles]
    scores = score([history for some in layers for history in some])
    if all(len(some) == 1 for some in layers):
        return scores
    starts = np.cumsum([0, *map(len, layers)])
    ends = zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
    return np.stack([scores[start:end].mean(0) for start, end in ends])


def _layers(profile: Profile) -> list[History]:
    emphasis = profile.emphasis
    if emphasis is None or len(emphasis) == 0 or np.ptp(emphasis) == 0:
        return [profile.history]
    levels = (np.arange(LEVELS) + 0.5) / LEVELS * float(emphasis.max())
    return [profile.history.only(emphasis >= level) for level in levels]
