"""What a fine-tune can be told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

from recsys_core.errors import InputError

AUTO: Final = "auto"  # in place of a mode: the best of those that fit into so many minutes
DEFAULT_MINUTES: Final = 30.0


class Mode(StrEnum):
    """How much of the text encoder learns."""

    HEAD = "head"
    LORA = "lora"
    FULL = "full"


class Tower(StrEnum):
    """What reads a history: a causal transformer (SASRec, Kang & McAuley 2018) or a gated recurrent network
    (GRU4Rec, Hidasi et al. 2016).
    """

    TRANSFORMER = "transformer"
    GRU = "gru"


class Part(StrEnum):
    """A part of the InterestModel that can be left out, to see what it is worth.

    ``text`` and ``ids``: the two sources of an item's vector. ``prior``: the popularity that is added
    to a score. ``gaps``, ``domains``: what the user tower reads beside the items. ``mean``: the mean of
    the history's items in an interest state. ``near``: how near an item is to each item of the history.
    ``crossing``: the task of the next item in another domain. ``hiding``: the task of a user who is cold
    in one domain. ``masking``: whatever else a user took is no wrong answer.
    """

    TEXT = "text"
    IDS = "ids"
    PRIOR = "prior"
    GAPS = "gaps"
    DOMAINS = "domains"
    MEAN = "mean"
    NEAR = "near"
    CROSSING = "crossing"
    HIDING = "hiding"
    MASKING = "masking"


@dataclass(frozen=True)
class TrainingOptions:
    """Sizes, rates and limits of a training run. Rates and sizes were chosen on validation users; the share
    of ``popularity`` is a compromise (README).

    ``without``: parts of the model that are left out. ``tower``: what reads the history. ``dim``: length of
    item and interest vectors.
    ``epochs``: passes over the users at most. ``patience``: epochs without a better validation score
    before stopping. ``targets_per_user``: events a user is asked for in one epoch. ``hide_domain``:
    fraction of users who lose one domain in a batch and are asked for it, as a cold-start user will
    be. ``id_dropout``: fraction of item ids hidden in a batch, so that cold items work by text alone.
    ``popularity``: in [0, 1], the share of log popularity that the prior begins with; what it leaves
    out, the vectors learn. ``full_softmax_items``: the largest domain whose items all enter the
    softmax; beyond it, and for nearness, ``negatives`` are drawn and corrected by ``logq`` in [0, 1].
    ``rate``: of the towers; ``encoder_rate``: of the encoder's last layer, ``layer_decay`` times less
    with each layer below it. ``head_first``: epochs before the encoder begins to learn, a fifth of all
    at most, since what a head that has learned nothing asks of it is noise (Kumar et al. 2022).

    ``weight_decay``: of all weights but the ids', which ``id_decay`` pulls to zero, an item to its text.

    Raises InputError where neither text nor ids are left.
    """

    mode: Mode = Mode.HEAD
    without: tuple[Part, ...] = ()
    tower: Tower = Tower.TRANSFORMER
    epochs: int = 10
    patience: int = 3
    batch_users: int = 128
    dim: int = 128
    layers: int = 2
    heads: int = 4
    longest: int = 50
    dropout: float = 0.3
    id_dropout: float = 0.3
    hide_domain: float = 0.8
    targets_per_user: int = 12
    popularity: float = 0.8
    full_softmax_items: int = 100_000
    negatives: int = 2048
    logq: float = 1.0
    rate: float = 2e-3
    encoder_rate: float = 3e-5
    layer_decay: float = 0.9
    head_first: int = 2
    weight_decay: float = 0.02
    id_decay: float = 1.0
    warmup: float = 0.1
    clip: float = 1.0

    def __post_init__(self) -> None:
        """Check what no training could work with."""
        if {Part.TEXT, Part.IDS} <= set(self.without):
            raise InputError("A model without text and without ids has no items.", "Leave out one of them.")

    def has(self, part: Part) -> bool:
        """Whether the model has a part."""
        return part not in self.without

    @property
    def epochs_before_encoder(self) -> int:
        """How many epochs are over before the encoder begins to learn; 0 where it never does."""
        return 0 if self.mode is Mode.HEAD else min(self.head_first, self.epochs // 5)

    def to_json(self) -> dict[str, Any]:
        """The options as plain values, for a run's record."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "TrainingOptions":
        """What ``to_json`` gave."""
        typed = {
            "mode": Mode(document["mode"]),
            "without": tuple(map(Part, document["without"])),
            "tower": Tower(document.get("tower", Tower.TRANSFORMER)),
        }
        return cls(**{**document, **typed})
