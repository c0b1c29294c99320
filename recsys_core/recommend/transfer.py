"""Whether knowing people from elsewhere helps at all: the blend against plain popularity."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.paired import ratio_interval
from recsys_core.recommend.profile import Profile

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """Mean NDCG@10 of the blend over that of ``against``, the popularity that did better on validation.
    ``transfer``: ``gain`` where the whole 95 % interval (``low``, ``high``) of ``ratio`` is above 1,
    ``harm`` where it is below, else ``none``.
    """

    transfer: Literal["gain", "none", "harm"]
    ratio: float
    low: float
    high: float
    against: str


def verdict(ours: Numbers, theirs: Numbers, against: str, rng: np.random.Generator) -> Verdict:
    """The verdict on NDCG@10 of the same people (P,), P ≥ 1, by blend and by popularity."""
    ratio = ratio_interval(ours, theirs, rng)
    transfer: Literal["gain", "none", "harm"] = "none"
    if ratio.low > 1:
        transfer = "gain"
    elif ratio.high < 1:
        transfer = "harm"
    return Verdict(transfer, ratio.mean, ratio.low, ratio.high, against)


def is_gated(tested: Verdict | None, profile: Profile) -> bool:
    """Whether popularity is shown in place of the blend: where a test found that what people did elsewhere
    does not help here. Typed text is the person's own wish, so it is always answered.
    """
    helps = tested is None or tested.transfer == "gain"
    return not helps and len(profile.history) > 0 and not profile.has_text
