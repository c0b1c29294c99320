"""What a fine-tune can be told."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """How much of the text encoder learns."""

    HEAD = "head"
    LORA = "lora"
    FULL = "full"


@dataclass(frozen=True)
class TrainingOptions:
    """Sizes, rates and limits of a training run; the defaults were chosen on validation users.

    ``dim``: length of item and interest vectors. ``epochs``: passes over the users at most.
    ``patience``: epochs without a better validation score before stopping. ``full_softmax_items``:
    the largest domain whose items all enter the softmax; beyond it ``negatives`` are drawn.
    ``targets_per_user``: events a user is asked for in one epoch. ``hide_domain``: fraction of
    users who lose one domain in a batch and are asked for it, as a cold-start user will be.
    ``id_dropout``: fraction of item ids hidden in a batch, so that cold items work by text alone.
    """

    mode: Mode = Mode.HEAD
    epochs: int = 12
    patience: int = 3
    batch_users: int = 256
    dim: int = 128
    layers: int = 2
    heads: int = 4
    longest: int = 50
    dropout: float = 0.2
    id_dropout: float = 0.3
    hide_domain: float = 0.8
    targets_per_user: int = 12
    full_softmax_items: int = 100_000
    negatives: int = 2048
    rate: float = 2e-3
    encoder_rate: float = 5e-5
    weight_decay: float = 0.02
    warmup: float = 0.1
    clip: float = 1.0

    def to_json(self) -> dict[str, Any]:
        """The options as plain values, for a run's record."""
        return asdict(self)
