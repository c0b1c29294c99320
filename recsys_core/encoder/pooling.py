"""From token states to one vector per text."""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


class Pooling(StrEnum):
    """How a text's token states become its vector."""

    MEAN = "mean"
    CLS = "cls"
    LAST = "lasttoken"


def pool(states: "Tensor", mask: "Tensor", pooling: Pooling) -> "Tensor":
    """``states`` (B, T, D) and ``mask`` (B, T) of 1 for tokens, padded on the right → (B, D)."""
    if pooling is Pooling.CLS:
        return states[:, 0]
    if pooling is Pooling.LAST:
        return _last_token(states, mask)
    return _mean(states, mask)


def _mean(states: "Tensor", mask: "Tensor") -> "Tensor":
    weight = mask.unsqueeze(-1).to(states.dtype)  # (B, T, 1)
    total: Tensor = (states * weight).sum(1) / weight.sum(1).clamp(min=1)
    return total


def _last_token(states: "Tensor", mask: "Tensor") -> "Tensor":
    import torch

    last = mask.sum(1).long() - 1  # (B,)
    return states[torch.arange(len(states), device=states.device), last.clamp(min=0)]
