"""What an interrupted training run needs to go on as if nothing had happened."""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from recsys_core.errors import ResourceError

NAME = "checkpoint.safetensors"
ASIDE = f"{NAME}.writing"


@dataclass(frozen=True)
class Checkpoint:
    """``tensors`` by name; ``document``: epoch, scores and options as plain values."""

    tensors: Mapping[str, Tensor]
    document: Mapping[str, Any]

    def save(self, folder: Path) -> None:
        """Write aside, sync, rename: a killed process leaves the old checkpoint or the new one.

        Raises ResourceError where it cannot be written; the old one stays as it is.
        """
        aside = folder / ASIDE
        tensors = {name: t.detach().cpu().contiguous().clone() for name, t in self.tensors.items()}
        try:
            save_file(tensors, aside, metadata={"document": json.dumps(self.document)})
            with aside.open("rb") as stream:
                os.fsync(stream.fileno())
            aside.replace(folder / NAME)
        except (OSError, SafetensorError) as error:
            aside.unlink(missing_ok=True)
            raise ResourceError(_cannot_write(tensors, folder, error)) from error

    @classmethod
    def load(cls, folder: Path) -> "Checkpoint | None":
        """The checkpoint in ``folder``, or None."""
        file = folder / NAME
        if not file.is_file():
            return None
        with safe_open(file, framework="pt") as stored:
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
            return cls(tensors, json.loads(stored.metadata()["document"]))


def discard(folder: Path) -> None:
    """Remove the checkpoint of a run whose model is safe, and what a killed process left of one."""
    for name in (NAME, ASIDE):
        (folder / name).unlink(missing_ok=True)


def _cannot_write(tensors: Mapping[str, Tensor], folder: Path, error: Exception) -> str:
    wanted, free = sum(t.nbytes for t in tensors.values()), shutil.disk_usage(folder).free
    kept = " The one of the epoch before is intact." if (folder / NAME).is_file() else ""
    if free < 2 * wanted:
        return (
            f"The disk is full: a checkpoint takes {_megabytes(wanted)} and {_megabytes(free)} are free."
            f"{kept} Free {_megabytes(2 * wanted - free)} or more."
        )
    return (
        f"A checkpoint of {_megabytes(wanted)} could not be written to {folder} ({error}).{kept} "
        "See that the folder may be written and that no quota is used up."
    )


def _megabytes(n_bytes: int) -> str:
    return f"{-(-n_bytes // 1_000_000):,} MB"


def flatten(prefix: str, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A state dict's tensors under ``prefix``."""
    return {f"{prefix}:{name}": tensor for name, tensor in state.items()}


def unflatten(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The inverse of ``flatten``."""
    begin = f"{prefix}:"
    return {name.removeprefix(begin): t for name, t in tensors.items() if name.startswith(begin)}


def optimiser_tensors(prefix: str, optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """AdamW's moments and step counts, by parameter number."""
    state = optimiser.state_dict()["state"]
    return {f"{prefix}:{n}:{key}": t for n, values in state.items() for key, t in values.items()}


def restore_optimiser(prefix: str, optimiser: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Put back what ``optimiser_tensors`` took."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in unflatten(prefix, tensors).items():
        number, key = name.split(":")
        state.setdefault(int(number), {})[key] = tensor
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})
