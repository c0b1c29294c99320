"""What one recommender got on one split, kept so that scoring another one does not fit it again."""

import hashlib
import inspect
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core import __version__, training
from recsys_core.evaluation import cold_curve, judging, lists, metrics, splits
from recsys_core.parts import Parts
from recsys_core.recommend import answers, blend, blend_weights, choosing, examples, features, registry

Rows = NDArray[np.int64]
SHARED: Final = (answers, choosing, examples, features, cold_curve, judging, lists, metrics, splits)


@dataclass(frozen=True, eq=False)
class ModelResult:
    """``per_user``: a row per test user, ``user`` and a column per metric. ``lists``: (P, k) as
    in ``judging``. ``known``: ``known``, ``user``, ``value`` of the cold curve; empty where the protocol is
    not cold-user. ``quality``: mean NDCG@10 on validation, NaN for the blend. The others as in
    ``summary.Trial``.
    """

    per_user: pd.DataFrame
    lists: Rows
    known: pd.DataFrame
    fit_seconds: float
    peak_rss_mb: float
    ms_per_user: float
    choices: str
    quality: float

    def parts(self, code: str) -> Parts:
        """What is saved, with the code that made it."""
        numbers = {name: getattr(self, name) for name in NUMBERS}
        document: dict[str, Any] = {"code": code, "choices": self.choices, **numbers}
        return Parts(document, {"per_user": self.per_user, "known": self.known}, {"lists": self.lists})

    @classmethod
    def from_parts(cls, parts: Parts, code: str) -> "ModelResult | None":
        """What ``parts`` gave; None where other code made it."""
        document = parts.document
        if document["code"] != code:
            return None
        numbers = {n: float("nan") if document[n] is None else float(document[n]) for n in NUMBERS}
        lists = np.asarray(parts.arrays["lists"], np.int64)
        per_user, known = parts.frames["per_user"], parts.frames["known"]
        return cls(per_user, lists, known, choices=document["choices"], **numbers)


NUMBERS: Final = ("fit_seconds", "peak_rss_mb", "ms_per_user", "quality")


class Kept(Protocol):
    """Where results are kept, for one dataset version and one interest model."""

    def load(self, split_hash: str, name: str, code: str) -> ModelResult | None:
        """The result of a model on a split, made by this code; None where there is none."""

    def save(self, split_hash: str, name: str, code: str, result: ModelResult) -> None:
        """Keep it."""


class KeepsNothing:
    """Every model is fitted each time."""

    def load(self, split_hash: str, name: str, code: str) -> None:
        """None."""

    def save(self, split_hash: str, name: str, code: str, result: ModelResult) -> None:
        """Nothing is done."""


def code_of(name: str, interest: Rows | None) -> str:
    """16 hex digits over what makes a result beside data, split and interest model: this version, the source
    and the variants of recommender ``name`` (of all members for the blend), the source of what judges it, and
    the interests that calibration goes by. A new recommender changes no other's, unless it is in the blend.
    """
    members = registry.MEMBERS if name == registry.BLEND else (name,)
    variants = [variant for member in members for variant in registry.variants(member)]
    modules = [module for variant in variants for module in _modules_of(type(variant))]
    ours = (blend, blend_weights) if name == registry.BLEND else ()
    digest = hashlib.sha256(repr((__version__, name, members, variants)).encode())
    for module in dict.fromkeys((*modules, *ours, *SHARED)):
        digest.update(_source(module))
    if registry.LEARNS_BY_STEPS.intersection(members):
        for file in sorted(Path(training.__path__[0]).glob("*.py")):  # read, because torch is slow to import
            digest.update(file.read_bytes())
    digest.update(b"" if interest is None else np.ascontiguousarray(interest, np.int64).tobytes())
    return digest.hexdigest()[:16]


def _modules_of(kind: type) -> list[ModuleType]:
    """The modules of ours in which a class and those it builds on are written."""
    names = (base.__module__ for base in kind.__mro__)
    return [sys.modules[name] for name in names if name.startswith("recsys_core.")]


def _source(module: ModuleType) -> bytes:
    return inspect.getsource(module).encode()
