"""Which domains help newcomers of which: every direction's verdict, judged together."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import combinations
from typing import Any, Final, Literal

import numpy as np

from recsys_core.migration.discoveries import ALPHA, false_discovery_rates
from recsys_core.parts import Parts
from recsys_core.privacy import SMALLEST_GROUP

Transfer = Literal["gain", "none", "harm", "too few"]
TOO_FEW: Final = "too few"
CORRECTION: Final = "Benjamini-Hochberg"
MOST_FOR_SUBSETS: Final = 4
"""With more domains than this, sources are taken one by one and all together only."""


@dataclass(frozen=True)
class Direction:
    """What the domains ``sources`` are worth to newcomers of the domain ``target``, all by name.

    ``n_shared``: users with events in the target and in any of the sources. ``n_test``: those of them, over
    all seeds, of whom no recommender saw an event in the target. ``ratio``: mean NDCG@10 of the blend over
    that of ``against``, the popularity that did better on validation; ``low``, ``high``: its 95 % interval by
    itself; ``p``: two-sided, of the ratio being 1; ``q``: the smallest false discovery rate at which that is
    believed among all directions measured with it. Where ``transfer`` is "too few", these are None and "".
    """

    sources: tuple[str, ...]
    target: str
    n_shared: int
    n_test: int = 0
    transfer: Transfer = TOO_FEW
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    q: float | None = None
    against: str = ""
    split_hash: str = ""

    @property
    def measured(self) -> bool:
        """Whether there were enough people."""
        return self.transfer != TOO_FEW

    @property
    def sure(self) -> bool:
        """Whether the ratio is another than 1 beyond chance."""
        return self.transfer in ("gain", "harm")


@dataclass(frozen=True)
class TransferMatrix:
    """``directions``: by target, then from single domains to all together. ``domains``: names of all.
    ``made_from``: as in ``Scorecard``.
    """

    domains: tuple[str, ...]
    seeds: tuple[int, ...]
    directions: tuple[Direction, ...]
    made_from: Mapping[str, Any] = field(default_factory=dict)

    @property
    def from_one(self) -> tuple[Direction, ...]:
        """The directions from one domain to another."""
        return tuple(one for one in self.directions if len(one.sources) == 1)

    @property
    def from_all(self) -> tuple[Direction, ...]:
        """Those from all others together, where these are several."""
        n_others = len(self.domains) - 1
        return tuple(one for one in self.directions if len(one.sources) == n_others > 1)

    def to_json(self) -> dict[str, Any]:
        """The document of ``driftmap transfer --json``; numbers of people under ten are null."""
        return {
            "protocol": "cold-user",
            "domains": list(self.domains),
            "seeds": list(self.seeds),
            "alpha": ALPHA,
            "correction": CORRECTION,
            "directions": [_told(one) for one in self.directions],
            "made_from": dict(self.made_from),
        }

    def parts(self) -> Parts:
        """What is saved."""
        return Parts(self.to_json() | {"directions": [asdict(one) for one in self.directions]})

    @classmethod
    def from_parts(cls, parts: Parts) -> "TransferMatrix":
        """What ``parts`` gave."""
        document = parts.document
        return cls(
            tuple(document["domains"]),
            tuple(document["seeds"]),
            tuple(Direction(**one | {"sources": tuple(one["sources"])}) for one in document["directions"]),
            document["made_from"],
        )


def source_sets(n_domains: int, target: int) -> tuple[tuple[int, ...], ...]:
    """The sets of source domains (indices) that ``target`` is measured with, single ones first, all others
    together last; with at most four domains every set between, too.
    """
    others = [domain for domain in range(n_domains) if domain != target]
    sizes = range(1, len(others) + 1)
    wanted = sizes if n_domains <= MOST_FOR_SUBSETS else sorted({1, len(others)})
    return tuple(chosen for size in wanted for chosen in combinations(others, size))


def judged(directions: Sequence[Direction]) -> tuple[Direction, ...]:
    """The same with ``q`` and ``transfer`` by their ``p``, read together: gain or harm where q ≤ 5 %.

    Benjamini & Hochberg 1995 over all directions with a p. Those that share people or a source depend on each
    other positively, where the procedure still holds (Benjamini & Yekutieli 2001).
    """
    measured = [one for one in directions if one.p is not None]
    rates = false_discovery_rates(np.array([one.p for one in measured], np.float64))
    of = {id(one): float(q) for one, q in zip(measured, rates, strict=True)}
    return tuple(_with_verdict(one, of[id(one)]) if id(one) in of else one for one in directions)


def _told(one: Direction) -> dict[str, Any]:
    n_shared = None if one.n_shared < SMALLEST_GROUP else one.n_shared
    return asdict(one) | {"sources": list(one.sources), "n_shared": n_shared}


def _with_verdict(one: Direction, q: float) -> Direction:
    surely = q <= ALPHA and one.ratio is not None
    transfer: Transfer = "none" if not surely else "gain" if (one.ratio or 0) > 1 else "harm"
    return replace(one, q=q, transfer=transfer)
