"""What a fine-tune will take, told from a short trial of its parts on the machine that will run it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from recsys_core.training.options import Mode, TrainingOptions

START_SECONDS = 6.0  # loading libraries, the encoder and the data
QUICKER, SLOWER = (
    0.8,
    1.6,
)  # margins, not yet fitted: one training on a busy machine took 1.7 times its trial
MORE_MEMORY = 1.3  # a margin for the longest texts and for what the allocator keeps


@dataclass(frozen=True)
class Measured:
    """``step_seconds``: of each user step tried, of ``n_steps`` an epoch has. ``teach_speed``: tokens a
    second forward, backward and read anew, 0 where the encoder does not learn; an epoch has ``n_tokens``.
    ``read_speed``: tokens a second forward only, for the ``n_unread`` whose vectors are not known yet.
    ``judge_seconds``: of one scoring. ``memory_mb``: the trial's peak. ``kept_mb``: one copy of all that
    learns; ``model_mb``: what is left on disk in the end. ``device``: in words. ``pass_seconds``:
    of one pass of pre-training over the item texts, 0 where none was tried.
    """

    step_seconds: tuple[float, ...]
    n_steps: int
    teach_speed: float
    n_tokens: int
    read_speed: float
    n_unread: int
    judge_seconds: float
    memory_mb: float
    kept_mb: float
    model_mb: float
    device: str
    pass_seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Measured":
        """What ``to_json`` gave."""
        return cls(**{**document, "step_seconds": tuple(document["step_seconds"])})

    def seconds_of(self, epochs: int, at_most: int) -> float:
        """What the first ``epochs`` of ``at_most`` take; in some, the encoder does not learn yet."""
        seconds = epochs * (self.n_steps * median(self.step_seconds) + self.judge_seconds)
        if not self.teach_speed:
            return seconds
        untaught = TrainingOptions(mode=Mode.FULL, epochs=at_most).epochs_before_encoder
        return seconds + (epochs - untaught) * self.n_tokens / self.teach_speed


@dataclass(frozen=True)
class Forecast:
    """Ranges (low, high) of seconds and of memory in MB; ``disk_mb`` at most, while it runs."""

    seconds: tuple[float, float]
    memory_mb: tuple[float, float]
    disk_mb: float


def forecast(measured: Measured, epochs: int, passes: int = 0) -> Forecast:
    """Low: training stops as early as it may; high: all ``epochs``, on a machine that is busy too.

    ``passes``: of pre-training before it, which never stops early.
    """
    reading = measured.n_unread / measured.read_speed if measured.read_speed else 0.0
    begin = START_SECONDS + reading + passes * measured.pass_seconds
    if measured.teach_speed:  # the first table, a forward pass
        begin += measured.n_tokens / measured.read_speed
    options = TrainingOptions(mode=Mode.FULL if measured.teach_speed else Mode.HEAD, epochs=epochs)
    fewest = min(epochs, max(1, options.epochs_before_encoder) + options.patience)
    low = QUICKER * (begin + measured.seconds_of(fewest, epochs))
    high = SLOWER * (begin + measured.seconds_of(epochs, epochs))
    # Beside the weights there are their best state, a checkpoint that is put together, and moments.
    memory = (measured.memory_mb, MORE_MEMORY * measured.memory_mb + 4 * measured.kept_mb)
    # A checkpoint holds weights, their best state and two moments; the next is written beside it.
    return Forecast((low, high), memory, 8 * measured.kept_mb + measured.model_mb)
