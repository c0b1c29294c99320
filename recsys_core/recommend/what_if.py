"""What if this person were another, or the list were made otherwise: settings that need no refitting."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.errors import InputError
from recsys_core.recommend.profile import Profile

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
DAY: Final = 86_400
MOST_WEIGHT: Final = 2.0
LIKED: Final = 0.75
"""What the titles liked weigh together, beside all that was known before: Rocchio's β over α, as in Manning,
Raghavan and Schütze 2008, chapter 9."""


@dataclass(frozen=True)
class WhatIf:
    """About the person. ``without``: item rows taken out of the history. ``domains``, ``interests``: by
    index and by interest id, how much what was taken there counts, in [0, 2], 1 where not named.
    ``half_life``: days after which an event counts half as much as the person's newest one; None: time does
    not matter. ``liked``, ``disliked``: item rows of which more is wanted, or nothing.

    About the list, each a fraction in [0, 1]. ``diversity``: how much it counts that titles are unlike each
    other; ``novelty``: that few people took them; ``calibration``: that interests stand in the list as they
    do in the history. ``exclude_seen``: leave out what the person took.
    """

    without: tuple[int, ...] = ()
    domains: Mapping[int, float] = field(default_factory=dict)
    interests: Mapping[int, float] = field(default_factory=dict)
    half_life: float | None = None
    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()
    diversity: float = 0.0
    novelty: float = 0.0
    calibration: float = 0.0
    exclude_seen: bool = True

    def __post_init__(self) -> None:
        """Raises InputError for what is out of range."""
        for name in ("diversity", "novelty", "calibration"):
            _check(name, getattr(self, name), 1)
        for what in ("domains", "interests"):
            for weight in getattr(self, what).values():
                _check(f"weight of {what}", weight, MOST_WEIGHT)
        if self.half_life is not None and not self.half_life > 0:
            raise InputError(f"A half-life of {self.half_life} days was asked for.", "Give more than 0.")

    @property
    def is_plain(self) -> bool:
        """Whether nothing is asked for."""
        plain = WhatIf()
        return all(getattr(self, f.name) == getattr(plain, f.name) for f in fields(self))

    def person(self, profile: Profile, item_domain: Rows, item_interest: Rows | None = None) -> Profile:
        """The person as asked for. ``item_domain``, ``item_interest``: (I,) of every item.

        Titles liked join the history; their events count so that all of them together weigh 0.75 of what
        was known before: Rocchio's query (1971) in whatever space a recommender looks at the history.
        """
        weighed = profile.weighed(self._factors(profile.history, item_domain, item_interest))
        liked = [item for item in self.liked if item not in set(weighed.history.items.tolist())]
        if not liked:
            return weighed
        before = float(weighed.counts.sum()) or float(len(liked))
        each = np.full(len(liked), LIKED * before / len(liked), np.float32)
        now = int(profile.history.times.max(initial=0))
        added = Profile.from_picks(liked, now).history
        return replace(
            weighed,
            history=_joined(weighed.history, added),
            emphasis=np.concatenate([weighed.counts, each]),
        )

    def _factors(self, history: History, item_domain: Rows, item_interest: Rows | None) -> Floats:
        factors = np.ones(len(history), np.float32)
        for domain, weight in self.domains.items():
            factors[item_domain[history.items] == domain] *= weight
        if item_interest is not None:
            for interest, weight in self.interests.items():
                factors[item_interest[history.items] == interest] *= weight
        if self.half_life is not None and len(history):
            age = (history.times.max() - history.times) / DAY
            factors *= np.exp2(-age / self.half_life).astype(np.float32).clip(min=1e-6)
        factors[np.isin(history.items, [*self.without, *self.disliked])] = 0
        return factors


def _joined(one: History, other: History) -> History:
    return History(
        np.concatenate([one.items, other.items]),
        np.concatenate([one.times, other.times]),
        np.concatenate([one.weights, other.weights]),
    )


def _check(name: str, value: float, most: float) -> None:
    if not 0 <= value <= most:
        raise InputError(f"{name} was set to {value}.".capitalize(), f"Give a number between 0 and {most:g}.")
