from pathlib import Path

import pytest

from recsys_core.errors import CancelledError
from recsys_core.progress import Silent
from recsys_core.training import metric_names as names
from recsys_core.training import scalars
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.scalars import FOLDER, scalars_in
from tests.training.test_finetune import SMALL, StopAfter, theme_hits, themed_dataset


class Told(Silent):
    def __init__(self) -> None:
        self.points: dict[str, list[tuple[int, float]]] = {}

    def metric(self, name: str, step: int, value: float) -> None:
        self.points.setdefault(name, []).append((step, value))


def read_back(folder: Path) -> dict[str, list[tuple[int, float]]]:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(folder))
    events.Reload()
    return {
        tag: [(e.step, pytest.approx(e.value)) for e in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }


def test_tensorboard_reads_what_a_training_told(tmp_path: Path) -> None:
    dataset, vectors = themed_dataset()
    told = Told()
    with scalars_in(tmp_path, told) as progress:
        train_interest_model(dataset, vectors, theme_hits, SMALL, 0, progress, device="cpu")
    read = read_back(tmp_path / FOLDER)
    assert len(told.points[names.SCORE]) > 1
    for name in (names.SCORE, names.EPOCH_LOSS, names.RATE, names.USERS, names.MEMORY):
        assert told.points[name] == read[name]


def test_a_cancel_still_closes_the_file(tmp_path: Path) -> None:
    dataset, vectors = themed_dataset()
    with pytest.raises(CancelledError), scalars_in(tmp_path, StopAfter(2)) as progress:
        train_interest_model(dataset, vectors, theme_hits, SMALL, 0, progress, device="cpu")
    assert len(read_back(tmp_path / FOLDER)[names.SCORE]) == 2


def test_without_the_package_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scalars, "find_spec", lambda _: None)
    quiet = Silent()
    with scalars_in(tmp_path, quiet) as progress:
        assert progress is quiet
    assert list(tmp_path.iterdir()) == []
