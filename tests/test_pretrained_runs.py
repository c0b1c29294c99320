"""Fine-tunes that read the catalogue first, with a tiny encoder, a real database and real training."""

from pathlib import Path

import numpy as np
import pytest

from recsys_core import pipeline
from recsys_core.columns import TEXT
from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.metric_names import PRETRAINING_LOSS
from recsys_core.errors import CancelledError, InputError
from recsys_core.pipeline import FinetuneOptions
from recsys_core.progress import Silent
from recsys_core.workspace.records import RunInfo, RunStatus
from recsys_core.workspace.run_encoders import load_first_encoder, load_own_encoder
from recsys_core.workspace.workspace import Workspace
from tests.encoder.tiny import tiny_model
from tests.jobs.test_finetune_job import library


@pytest.fixture(autouse=True)
def cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tiny_model(tmp_path_factory.mktemp("tiny"), "bert"))


class Told(Silent):
    """Remembers stages and the curve of the loss; cancels in a stage, after so many checks in it."""

    def __init__(self, cancel_in: str = "", checks: int = 0) -> None:
        self.stages: list[str] = []
        self.losses: list[float] = []
        self.cancel_in, self.left = cancel_in, checks

    def stage(self, name: str) -> None:
        self.stages.append(name)

    def metric(self, name: str, step: int, value: float) -> None:
        if name == PRETRAINING_LOSS:
            self.losses.append(value)

    def check_cancelled(self) -> None:
        if self.stages and self.stages[-1] == self.cancel_in:
            self.left -= 1
            if self.left < 0:
                raise CancelledError("Stopped.")


def tune(
    ws: Workspace, tiny: str, told: Told | None = None, mode: str = "head", pretrain: int = 2
) -> RunInfo:
    options = FinetuneOptions(mode=mode, encoder=tiny, epochs=1, seed=3, pretrain=pretrain)
    return pipeline.finetune(ws, "library", options, told)


def kept(run: RunInfo) -> tuple[bytes, bytes]:
    """The weights of a run's model and of its encoder."""
    names = ("interest_model.safetensors", "encoder/model.safetensors")
    return tuple((run.folder / name).read_bytes() for name in names)  # type: ignore[return-value]


def read_by(ws: Workspace) -> set[str]:
    """The fingerprints of the encoders that have read item texts."""
    return {folder.name for folder in (ws.root / "vectors").iterdir()}


def test_in_mode_head_the_encoder_that_read_the_catalogue_is_the_runs_own(tmp_path: Path, tiny: str) -> None:
    ws, told = library(tmp_path), Told()
    run = tune(ws, tiny, told)
    assert run.options["pretrain"] == 2
    assert told.stages[:3] == ["Pre-training on the item texts", "Reading item texts", "Fine-tuning"]
    assert len(told.losses) > 1
    base, own = load_encoder(tiny, "cpu"), load_own_encoder(run, "cpu")
    assert own.fingerprint == load_first_encoder(run, "cpu").fingerprint != base.fingerprint
    assert own.name == base.name
    assert read_by(ws) == {own.fingerprint}
    card = (run.folder / "encoder" / "README.md").read_text()
    assert "whose pre-training went on over the item texts of *library* (version\n1), 2 times." in card
    assert "NDCG@10 0." in card
    assert not (run.folder / "pretrained").exists()


def test_typed_texts_and_items_are_read_by_the_same_encoder(tmp_path: Path, tiny: str) -> None:
    ws = library(tmp_path)
    for mode, pretrain in (("head", 1), ("full", 0)):
        run = tune(ws, tiny, mode=mode, pretrain=pretrain)
        ready = pipeline.prepare_recommender(ws, "library", "books", run.id)
        assert ready.encoder.fingerprint == load_encoder(run.folder / "encoder").fingerprint
        texts = ready.dataset.items[TEXT].tolist()
        np.testing.assert_allclose(ready.training.text_vectors, ready.encoder.encode(texts), atol=0.02)
        shown = pipeline.recommend(ws, "library", "books", text="green tea", k=3, run=run.id)
        assert shown["rank"].tolist() == [1, 2, 3]


def test_a_scorecard_begins_with_the_pre_trained_encoder_not_with_the_fine_tuned(
    tmp_path: Path, tiny: str
) -> None:
    ws = library(tmp_path)
    run = tune(ws, tiny, mode="full")
    first, own = load_first_encoder(run, "cpu"), load_own_encoder(run, "cpu")
    assert len({first.fingerprint, own.fingerprint, load_encoder(tiny, "cpu").fingerprint}) == 3
    assert "Before that its pre-training went on" in (run.folder / "encoder" / "README.md").read_text()
    card = pipeline.evaluate(ws, "library", "books", models=("popularity", "interest-model"), run=run.id)
    assert {model.name for model in card.models} == {"popularity", "interest-model"}
    assert read_by(ws) == {first.fingerprint}


@pytest.mark.parametrize("mode", ["head", "lora"])
def test_one_cancelled_after_its_pre_training_goes_on_to_the_same_result(
    tmp_path: Path, tiny: str, mode: str
) -> None:
    broken, unbroken = library(tmp_path / "broken"), library(tmp_path / "unbroken")
    with pytest.raises(CancelledError):
        tune(broken, tiny, Told("Fine-tuning"), mode)
    again = Told()
    resumed = tune(broken, tiny, again, mode)
    assert again.losses == []
    assert "Pre-training on the item texts" not in again.stages
    assert [run.id for run in broken.runs("library")] == [resumed.id]
    assert resumed.status is RunStatus.FINISHED
    assert kept(resumed) == kept(tune(unbroken, tiny, mode=mode))


def test_one_cancelled_amid_its_pre_training_reads_again_to_the_same_result(
    tmp_path: Path, tiny: str
) -> None:
    broken, unbroken = library(tmp_path / "broken"), library(tmp_path / "unbroken")
    with pytest.raises(CancelledError):
        tune(broken, tiny, Told("Pre-training on the item texts", checks=2))
    (stopped,) = broken.runs("library")
    assert stopped.status is RunStatus.CANCELLED
    assert list(stopped.folder.iterdir()) == []
    assert kept(tune(broken, tiny)) == kept(tune(unbroken, tiny))


def test_without_pre_training_nothing_is_kept_of_a_frozen_encoder(tmp_path: Path, tiny: str) -> None:
    ws, told = library(tmp_path), Told()
    run = tune(ws, tiny, told, pretrain=0)
    assert told.losses == []
    assert not (run.folder / "encoder").exists()
    assert load_own_encoder(run).fingerprint == load_encoder(tiny).fingerprint


def test_a_trial_times_the_reading_and_counts_what_is_kept(tmp_path: Path, tiny: str) -> None:
    ws = library(tmp_path)
    for mode in ("head", "lora"):
        without, reading = (
            pipeline.try_finetune(ws, "library", FinetuneOptions(mode=mode, encoder=tiny, pretrain=passes))
            for passes in (0, 2)
        )
        assert without.pass_seconds == 0 < reading.pass_seconds
        assert reading.n_unread > 0
        assert reading.model_mb > without.model_mb
    assert ws.runs("library") == []


def test_fewer_than_no_passes_are_refused() -> None:
    with pytest.raises(InputError, match="-1 passes of pre-training"):
        FinetuneOptions(pretrain=-1)
