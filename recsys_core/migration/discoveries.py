"""Which of many tests to believe."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

ALPHA: Final = 0.05
"""False discovery rate: of what is called significant, at most this fraction is expected to be chance."""


def false_discovery_rates(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N,) q: the smallest false discovery rate at which each of the tests ``p`` (N,) is believed.

    Benjamini & Hochberg 1995: q of the i-th smallest p is the least p(j) · N / j over j ≥ i, at most 1.
    """
    order = np.argsort(p, kind="stable")
    raised = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    return q
