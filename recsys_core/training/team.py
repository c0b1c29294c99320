"""The processes that train one model together, each on its share of the work and usually on its own GPU.

A launcher starts the same program several times, e.g. ``accelerate launch --num_processes 2 program.py``;
each calls ``join_team`` before it loads anything and then trains as if it were alone. All hold the same
weights, cut every batch into shares, and add up their gradients, so that they take the same step. A
process that fails leaves the others waiting; launchers end them then.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recsys_core.encoder.hardware import choose_device
from recsys_core.errors import CancelledError
from recsys_core.progress import Progress, Silent

Told = TypeVar("Told")
_apart = ContextVar("apart", default=False)
PATIENCE = timedelta(hours=1)  # the first process judges alone, meanwhile the others wait


@dataclass(frozen=True)
class Team:
    """``n`` processes of which this is ``number``, from 0. One process alone is a team too.

    The methods ``total…``, ``lead…`` and ``tell`` wait for all processes: each must call them equally often.
    """

    n: int = 1
    number: int = 0

    @classmethod
    def here(cls) -> "Team":
        """The team that this process has joined, or it alone."""
        if _apart.get() or not (torch.distributed.is_available() and torch.distributed.is_initialized()):
            return cls()
        return cls(torch.distributed.get_world_size(), torch.distributed.get_rank())

    @property
    def leads(self) -> bool:
        """Whether this process is the one that tells of progress, judges and writes."""
        return self.number == 0

    def share(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """This process's part of some rows; none where there are more processes than rows."""
        return rows if self.n == 1 else np.array_split(rows, self.n)[self.number]

    def total(self, values: Tensor) -> Tensor:
        """The sum of all processes' tensors of one shape, the very same in each."""
        if self.n == 1:
            return values
        from accelerate.utils import reduce

        summed: Tensor = reduce(values, reduction="sum")
        return summed

    def total_number(self, value: float) -> float:
        """The sum of a number over all processes."""
        return value if self.n == 1 else float(self.total(self._tensor([value])))

    def total_gradients(self, parameters: Sequence[Tensor]) -> None:
        """Give each parameter the sum of its gradients; one that has none anywhere keeps none."""
        if self.n == 1:
            return
        some = self.total(self._tensor([float(p.grad is not None) for p in parameters]))
        learning = [p for p, found in zip(parameters, some.tolist(), strict=True) if found]
        if not learning:
            return
        own = [torch.zeros_like(p) if p.grad is None else p.grad for p in learning]
        summed = self.total(torch.cat([gradient.flatten() for gradient in own]))
        for p, part in zip(learning, torch.split(summed, [p.numel() for p in learning]), strict=True):
            p.grad = part.view_as(p)

    def lead(self, value: float) -> float:
        """The first process's number, in every process."""
        return self.total_number(value if self.leads else 0.0)

    def lead_tensors(self, tensors: Iterable[Tensor]) -> None:
        """Give every process's tensors the values that the first process's have, in place."""
        from accelerate.utils import broadcast

        for tensor in tensors if self.n > 1 else ():
            tensor.copy_(broadcast(tensor.contiguous()))

    def tell(self, thing: Told | None) -> Told:
        """The first process's object, in every process; it is pickled on the way, never on disk."""
        from accelerate.utils import broadcast_object_list

        told: Told = broadcast_object_list([thing])[0]
        return told

    def progress(self, progress: Progress) -> Progress:
        """Where the first process alone speaks, and a request to stop, whoever hears of it, stops all."""
        return progress if self.n == 1 else _Together(self, progress)

    def apart(self, progress: Progress) -> Progress:
        """What to ask amid work that processes do not do equally often: a team stops in step only."""
        return progress if self.n == 1 else Silent()

    def _tensor(self, values: Sequence[float]) -> Tensor:
        from accelerate import PartialState

        return torch.tensor(values, dtype=torch.float64, device=PartialState().device)


@contextmanager
def alone() -> Iterator[None]:
    """Inside, this process works by itself, while the others of its team wait for what it does next."""
    token = _apart.set(True)
    try:
        yield
    finally:
        _apart.reset(token)


class _Together:
    """The Progress of a team; ``check_cancelled`` waits for all processes."""

    def __init__(self, team: Team, progress: Progress) -> None:
        self._team, self._asked = team, progress
        self._told = progress if team.leads else Silent()

    def stage(self, name: str) -> None:
        self._told.stage(name)

    def advance(self, done: float, total: float, message: str = "") -> None:
        self._told.advance(done, total, message)

    def metric(self, name: str, step: int, value: float) -> None:
        self._told.metric(name, step, value)

    def log(self, message: str) -> None:
        self._told.log(message)

    def check_cancelled(self) -> None:
        asked = 0.0
        try:
            self._asked.check_cancelled()
        except CancelledError:
            asked = 1.0
        if self._team.total_number(asked):
            raise CancelledError("Training was cancelled.")


def join_team(device: str = "auto", team: Team | None = None, meeting: Path | None = None) -> Team:
    """Join the processes that a launcher started together with this one; alone without a launcher.

    On CUDA each process gets a GPU of its own, which is the current device from then on. ``team`` and
    ``meeting``: this process's place in it and a file, not there yet, through which the processes of one
    machine find each other, so that nothing listens for them on the network. Raises InputError where
    ``device`` is not there.
    """
    from accelerate import PartialState

    how: dict[str, Any] = {"timeout": PATIENCE}
    if team and meeting:
        places = {
            "RANK": team.number,
            "LOCAL_RANK": team.number,
            "WORLD_SIZE": team.n,
            "LOCAL_WORLD_SIZE": team.n,
        }
        os.environ.update({name: str(value) for name, value in places.items()})
        loopback = "lo0" if sys.platform == "darwin" else "lo"
        os.environ.update(GLOO_SOCKET_IFNAME=loopback, NCCL_SOCKET_IFNAME=loopback)
        how |= {"init_method": meeting.as_uri(), "rank": team.number, "world_size": team.n}
    PartialState(cpu=choose_device(device).type == "cpu", **how)
    return Team.here()
