"""What pre-training tells of itself, by name; in a file of its own, because pages must not load torch."""

from typing import Final

PRETRAINING_LOSS: Final = "pre-training loss"
"""Mean nats per guessed token since the point before; the step counts those of the pre-training, from 1."""
