"""What a training tells of itself while it goes: how far, how fast, with how much memory, how long still."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil
import torch

from recsys_core.progress import Progress
from recsys_core.training import metric_names as names

MEGABYTE = 1_000_000
BY_STEP, BY_TEXT = (names.LOSS, names.RATE, names.USERS), (names.ITEMS, names.TOKENS)
BACKWARD = 4.0  # a pass that teaches the encoder and reads the table anew, in forward passes over the texts


def interval(elapsed: float) -> float:
    """Seconds between two points of a curve: 1 at first, 10 after an hour, so that curves stay short."""
    return min(10.0, max(1.0, elapsed / 300))


@dataclass
class Work:
    """Seconds spent on units of one sort, and how many; the pace is that of the newest half minute or so."""

    units: float = 0.0
    seconds: float = 0.0

    def add(self, units: float, seconds: float) -> None:
        """More was done; what is long ago fades."""
        fade = math.exp(-seconds / 30)
        self.units = self.units * fade + units
        self.seconds = self.seconds * fade + seconds

    @property
    def pace(self) -> float:
        """Units per second; 0 while unknown."""
        return self.units / self.seconds if self.seconds > 0 else 0.0


@dataclass
class Meter:
    """``epochs``: at most. ``n_steps``: user steps of an epoch. ``n_texts`` and ``n_tokens``: what goes
    through the encoder in an epoch, 0 where it does not learn. ``untaught``: epochs before it begins to.
    """

    progress: Progress
    device: torch.device
    epochs: int
    n_steps: int
    n_texts: int = 0
    n_tokens: int = 0
    untaught: int = 0
    clock: Callable[[], float] = time.monotonic
    _users: Work = field(default_factory=Work)
    _steps: Work = field(default_factory=Work)
    _texts: Work = field(default_factory=Work)
    _tokens: Work = field(default_factory=Work)
    _judging: float = 0.0
    _pass_guess: float = 0.0
    _said: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The clock starts."""
        self._began = self._last = self.clock()
        self._epoch = self._step = self._read = self._read_tokens = 0

    def begin(self, epoch: int) -> None:
        """Training begins after ``epoch`` whole epochs."""
        self.progress.metric(names.UNITS, epoch, self.units_per_epoch)
        self._epoch, self._last = epoch, self.clock()

    def first_table(self, seconds: float) -> None:
        """Reading all texts once took ``seconds``: a first guess of what teaching the encoder will take."""
        self._pass_guess = BACKWARD * seconds

    def begin_epoch(self, epoch: int) -> None:
        """``epoch`` epochs are through."""
        self._epoch, self._step, self._read, self._read_tokens = epoch, 0, 0, 0
        self._last = self.clock()

    def step(self, users: int, loss: float, rate: float) -> None:
        """A user step is through."""
        seconds = self._since()
        self._users.add(users, seconds)
        self._steps.add(1, seconds)
        self._step += 1
        self._tell({names.LOSS: loss, names.RATE: rate, names.USERS: self._users.pace})

    def read(self, rows: int, tokens: int) -> None:
        """A batch of texts has gone through the encoder and back."""
        seconds = self._since()
        self._texts.add(rows, seconds)
        self._tokens.add(tokens, seconds)
        self._read = min(self._read + rows, self.n_texts)
        self._read_tokens = min(self._read_tokens + tokens, self.n_tokens)
        self._tell({names.ITEMS: self._texts.pace, names.TOKENS: self._tokens.pace})

    def refreshed(self) -> None:
        """The table was read anew after the encoder learned: part of what a token costs."""
        self._tokens.add(0, self._since())

    def judged(self) -> None:
        """The model was scored."""
        self._judging = self._since()

    @property
    def units_per_epoch(self) -> int:
        """User steps and texts of an epoch."""
        return self.n_steps + self.n_texts

    @property
    def seconds_left(self) -> float:
        """Until the last epoch, should training not stop earlier."""
        steps = (self.n_steps - self._step) / self._steps.pace if self._steps.pace else 0.0
        unread = 1 - self._read_tokens / self.n_tokens if self.n_tokens else 0.0
        rest_of_epoch = steps + unread * self._pass_seconds(self._epoch) + self._judging
        return rest_of_epoch + self._seconds_after

    @property
    def _seconds_after(self) -> float:
        return sum(map(self._epoch_seconds, range(self._epoch + 1, self.epochs)))

    def _epoch_seconds(self, epoch: int) -> float:
        """What an epoch takes at the present pace; 0 while unknown."""
        steps = self.n_steps / self._steps.pace if self._steps.pace else 0.0
        return steps + self._pass_seconds(epoch) + self._judging

    def _pass_seconds(self, epoch: int) -> float:
        if epoch < self.untaught:
            return 0.0
        return self.n_tokens / self._tokens.pace if self._tokens.pace else self._pass_guess

    def _since(self) -> float:
        now = self.clock()
        seconds, self._last = now - self._last, now
        return max(seconds, 1e-9)

    def _tell(self, values: dict[str, float]) -> None:
        self._advance()
        now = self.clock()
        if self._is_due(names.MEMORY, now):
            values = values | self._resources()
        for name, value in values.items():
            if self._is_due(name, now):
                self._said[name] = now
                self.progress.metric(name, self._unit(name), value)

    def _unit(self, name: str) -> int:
        """How far a curve is, in units: user steps are spread over the epoch, and so are texts."""
        part = (self._step + self._read) / self.units_per_epoch
        if name in BY_STEP:
            part = self._step / self.n_steps
        elif name in BY_TEXT:
            part = self._read / self.n_texts
        return round((self._epoch + part) * self.units_per_epoch)

    def _is_due(self, name: str, now: float) -> bool:
        return now - self._said.get(name, -math.inf) >= interval(now - self._began)

    def _resources(self) -> dict[str, float]:
        found = {
            names.LEFT: self.seconds_left,
            names.MEMORY: psutil.Process().memory_info().rss / MEGABYTE,
        }
        if self.device.type == "cuda":
            found[names.GPU_MEMORY] = torch.cuda.max_memory_allocated(self.device) / MEGABYTE
        return found

    def _advance(self) -> None:
        where = f"epoch {self._epoch + 1} of at most {self.epochs}"
        if self._read:
            where += f", text {self._read:,} of {self.n_texts:,} taught"
        whole = self._epoch_seconds(self._epoch)
        rest = self.seconds_left - self._seconds_after
        part = 1 - rest / whole if whole else 0.0
        self.progress.advance(self._epoch + min(1.0, max(0.0, part)), self.epochs, where)
