"""Noise: the discrete Laplace mechanism of OpenDP, and what is known of how far it reaches.

Laplace and not Gauss, since a person counts in few windows: with 4 of them Gaussian noise for δ = 1e-6 would
spread wider, and could fail. OpenDP draws from the operating system's random numbers and from no seed:
whoever had the seed could take the noise off again.
"""

import importlib
import importlib.metadata
import importlib.util
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from recsys_core.errors import InputError
from recsys_core.migration.arrays import Ints

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, eq=False)
class Noisy:
    """``values``: int64, the counts with noise. ``sensitivity``: L1, in the unit of the counts; ``scale``: of
    the noise, in the same; ``epsilon``: what they cost.
    """

    values: Ints
    sensitivity: int
    scale: float
    epsilon: float

    def facts(self) -> Mapping[str, Any]:
        """What is published of it."""
        return {"epsilon": self.epsilon, "l1_sensitivity": self.sensitivity, "scale": self.scale}


def add_noise(counts: Ints, sensitivity: int, epsilon: float) -> Noisy:
    """Whole ``counts`` of any shape, each with noise of its own: P(x) ∝ exp(-|x| · ε / sensitivity) (Ghosh,
    Roughgarden, Sundararajan 2009). ``sensitivity``: by how much they change in L1 with one person.

    Raises InputError where OpenDP is not installed.
    """
    dp = _opendp()
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")

    def mechanism(scale: float) -> Any:
        return dp.m.make_laplace(*space, scale=scale)

    scale = float(dp.binary_search_param(mechanism, d_in=sensitivity, d_out=epsilon))
    drawn = mechanism(scale)([int(count) for count in counts.ravel()])
    return Noisy(np.array(drawn, np.int64).reshape(counts.shape), sensitivity, scale, epsilon)


def require_noise() -> str:
    """The version of OpenDP. Raises InputError where it is not installed."""
    _opendp()
    return importlib.metadata.version("opendp")


def has_noise() -> bool:
    """Whether OpenDP is installed."""
    return importlib.util.find_spec("opendp") is not None


def reach(scale: float, doubt: float) -> float:
    """What the size of one draw exceeds with a probability of ``doubt`` at most; in whole units: P(|x| > t) ≤
    exp(-t / scale).
    """
    return float(math.ceil(scale * math.log(1 / doubt)))


def _opendp() -> Any:
    try:
        dp = importlib.import_module("opendp.prelude")
    except ModuleNotFoundError as error:
        raise InputError(
            "Publishing with differential privacy needs OpenDP.",
            "Install it: pip install 'driftmap[private]'.",
        ) from error
    dp.enable_features("contrib")  # OpenDP asks for it: not every proof has been reviewed by others yet
    return dp
