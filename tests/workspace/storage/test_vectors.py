from pathlib import Path

import numpy as np
import pytest

from recsys_core.errors import OutageError
from recsys_core.progress import Silent
from recsys_core.workspace.storage.cloud_objects import CloudObjects
from recsys_core.workspace.storage.vectors import shared_vectors
from recsys_core.workspace.workspace import Workspace
from tests.workspace.storage.conftest import Machine, remote_of

pytestmark = pytest.mark.usefixtures("shelf")


def encoded(ws: Workspace, name: str | None, told: Silent | None = None) -> dict[str, bytes]:
    """What is in the cache after a block in which this machine adds a shard (None: adds none)."""
    with shared_vectors(ws, "minilm", told or Silent()) as folder:
        if name:
            (folder / "minilm").mkdir(parents=True, exist_ok=True)
            np.full(100, 7.0).tofile(folder / "minilm" / f"{name}.safetensors")
    return {path.stem: path.read_bytes() for path in (ws.root / "vectors" / "minilm").glob("*")}


def test_what_one_machine_encoded_no_other_does(machine: Machine) -> None:
    mine = encoded(machine("a"), "one")
    assert encoded(machine("b"), None) == mine
    assert sorted(encoded(machine("b"), "two")) == ["one", "two"]
    assert sorted(encoded(machine("a"), None)) == ["one", "two"]


def test_a_damaged_shard_is_no_more(machine: Machine, shelf: Path) -> None:
    ws = machine("a")
    encoded(ws, "one")
    (stored,) = (shelf / "vectors" / "minilm").iterdir()
    stored.write_bytes(b"damaged")
    assert encoded(machine("b"), None) == {}
    assert list(remote_of(ws).objects.list("vectors")) == []


class Told(Silent):
    def __init__(self) -> None:
        self.lines: list[str] = []

    def log(self, message: str) -> None:
        self.lines.append(message)


def test_a_store_that_is_away_stops_no_work(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    ws, told = machine("a"), Told()

    def away(*_: object) -> None:
        raise OutageError("The store is away.", "Wait.")

    monkeypatch.setattr(CloudObjects, "list", away)
    monkeypatch.setattr(CloudObjects, "read", away)
    assert [*encoded(ws, "one", told)] == ["one"]
    assert told.lines == [
        "Vectors of other machines are not used: The store is away. Wait.",
        "Vectors stay on this machine: The store is away. Wait.",
    ]
