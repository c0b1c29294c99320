"""What a training tells of itself while it goes, by name; the ledger, the pages and TensorBoard use these.

``SCORE`` and ``EPOCH_LOSS`` come once an epoch, with the epoch's number as step. The others come about
once a second, with how far the training is as step, counted in units (user steps and texts).
``UNITS`` comes first: how many units an epoch has; its step is 0 where a training starts from nothing.
"""

from typing import Final

UNITS: Final = "units per epoch"
EPOCH_LOSS: Final = "training loss"
SCORE: Final = "validation NDCG@10"
LOSS: Final = "loss"
RATE: Final = "learning rate"
USERS: Final = "users per second"
ITEMS: Final = "items per second"
TOKENS: Final = "tokens per second"
MEMORY: Final = "memory (MB)"
GPU_MEMORY: Final = "peak GPU memory (MB)"
LEFT: Final = "seconds left"

BY_EPOCH: Final = (EPOCH_LOSS, SCORE)
LIVE: Final = (LOSS, RATE, USERS, ITEMS, TOKENS, MEMORY, GPU_MEMORY, LEFT)
