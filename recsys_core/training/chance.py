"""What a training step draws by chance: the same, however its batch is cut.

A share of a batch draws what the whole batch would, from the same seed, and keeps what concerns its own rows.
So processes that train together learn what one of them would learn alone, and a batch that is cut because
memory ran out teaches what it would have taught whole.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Cut:
    """Which rows of a batch are here: those from ``first`` on, of ``whole`` in all (None: all are here)."""

    first: int = 0
    whole: int | None = None

    def kept(self, like: Tensor, fraction: float) -> Tensor:
        """1 where a number of ``like`` (B, …), the rows that are here, is kept, and 0 for a ``fraction``."""
        shape = (self.whole or len(like), *like.shape[1:])
        drawn = torch.empty(shape, dtype=like.dtype, device=like.device).bernoulli_(1 - fraction)
        return drawn[self.first : self.first + len(like)]


WHOLE = Cut()


class Dropout(nn.Module):
    """A ``fraction`` of numbers is zero while training, and the others are larger by as much (Srivastava et
    al. 2014).
    """

    def __init__(self, fraction: float) -> None:
        super().__init__()
        self.fraction = fraction

    def forward(self, x: Tensor, cut: Cut = WHOLE) -> Tensor:
        """The same shape; ``cut``: which rows of a batch ``x`` (B, …) are."""
        if not self.training or not self.fraction:
            return x
        return x * (cut.kept(x, self.fraction) / (1 - self.fraction))
