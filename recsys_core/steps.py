"""Steps that several flows of ``pipeline`` share, and those that check what it is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from recsys_core import __version__
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import TEXT
from recsys_core.errors import InputError
from recsys_core.evaluation.splits import ColdUsers, Split
from recsys_core.progress import Progress
from recsys_core.randomness import rng_from
from recsys_core.settings import read_settings
from recsys_core.workspace.judged import save_scores
from recsys_core.workspace.records import DatasetInfo, RunInfo
from recsys_core.workspace.run_encoders import (
    is_pretrained,
    keep_pretrained,
    load_first_encoder,
    record_encoder,
)
from recsys_core.workspace.storage.vectors import shared_vectors
from recsys_core.workspace.workspace import Workspace

if TYPE_CHECKING:
    from recsys_core.encoder.text_encoder import TextEncoder
    from recsys_core.training.fitting import Lesson
    from recsys_core.training.options import TrainingOptions
    from recsys_core.training.trained_model import TrainedModel

Choice = TypeVar("Choice", bound=StrEnum)


def pretrained(
    encoder: "TextEncoder", run: RunInfo, data: Dataset, passes: int, seed: int, progress: Progress
) -> "TextEncoder":
    """The encoder after its ``passes`` over the item texts, from the run's folder.

    Kept and read back before anything else is done with it, so that a run which was interrupted goes on
    with the very same one.
    """
    from recsys_core.encoder.pretraining import pretrain

    if not is_pretrained(run):
        progress.stage("Pre-training on the item texts")
        rng = rng_from(seed, "pretraining")
        learned = pretrain(encoder, data.items[TEXT].tolist(), rng, passes, progress=progress)
        keep_pretrained(learned, run)
    return load_first_encoder(run, read_settings().device)


def text_vectors(
    ws: Workspace, data: Dataset, encoder: "TextEncoder", progress: Progress
) -> NDArray[np.float32]:
    """(I, dim) of all items' texts, from the workspace's store; only new texts are encoded."""
    from recsys_core.encoder.cache import VectorCache

    with shared_vectors(ws, encoder.fingerprint, progress) as folder:
        return VectorCache(folder).encode(encoder, data.items[TEXT].tolist(), progress)


def interest_vectors(
    ws: Workspace, data: Dataset, run: RunInfo | None, progress: Progress
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Item vectors (I, dim), and interest states after each event (E, dim) where there is a run."""
    from recsys_core.encoder.loading import load_encoder
    from recsys_core.training.trained_model import TrainedModel

    if run is None:
        return text_vectors(ws, data, load_encoder(), progress), None
    model = TrainedModel.load(run.folder)
    return model.item_vectors, model.event_states(data, progress)


def load_model(run: RunInfo) -> "TrainedModel":
    """The InterestModel of a finished run. Raises InputError where its files are gone or too old."""
    from recsys_core.training.trained_model import TrainedModel

    try:
        return TrainedModel.load(run.folder)
    except FileNotFoundError as error:
        raise InputError(f"The model of {run.name} is gone from {run.folder}.", "Fine-tune again.") from error


def at_least_one(n: int, of: str = "interests") -> int:
    """``n`` of something. Raises InputError for fewer than one."""
    if n < 1:
        raise InputError(f"{n} {of} were asked for.", "Ask for one or more.")
    return n


def training_options(mode: str, epochs: int | None) -> "TrainingOptions":
    """The options of a training. Raises InputError for a mode there isn't or fewer epochs than one."""
    from recsys_core.training.options import Mode, TrainingOptions

    chosen = choice(mode, Mode, "mode")
    if epochs is not None and epochs < 1:
        raise InputError(f"{epochs} epochs were asked for.", "Ask for one or more.")
    return TrainingOptions(mode=chosen) if epochs is None else TrainingOptions(mode=chosen, epochs=epochs)


def choice(value: str, choices: type[Choice], what: str) -> Choice:
    """The member of ``choices`` with a value. Raises InputError with those there are."""
    try:
        return choices(value)
    except ValueError:
        known = ", ".join(str(choice) for choice in choices)
        raise InputError(f"There is no {what} {value!r}.", f"Choose one of: {known}.") from None


def lesson_about(
    train: Dataset, encoder: "TextEncoder", vectors: NDArray[np.float32], validation: Sequence[ColdUsers]
) -> "Lesson":
    """What a training run is about, to be stopped by NDCG@10 over all validation users."""
    from recsys_core.evaluation.validation import mean_user_ndcg
    from recsys_core.training.fitting import Lesson

    def validate(model: "TrainedModel") -> float:
        return mean_user_ndcg(model, validation)

    return Lesson(train, encoder, vectors, validate, device=read_settings().device)


def trained_on(
    run: RunInfo | None, vectors: NDArray[np.float32], progress: Progress
) -> "Callable[[Split], TrainedModel]":
    """What trains a model on a split as the ``run`` was trained, its test users' answers unseen. ``vectors``:
    of the encoder that the run began with.
    """
    how = dict(run.options) if run else {}
    options = training_options(how.get("mode", "head"), how.get("epochs"))

    def train(split: Split) -> "TrainedModel":
        from recsys_core.training.fitting import fit

        encoder = load_first_encoder(run, read_settings().device)
        progress.stage(f"Training for {split.target_name} without the test users' answers")
        lesson = lesson_about(split.train, encoder, vectors, (split.validation,))
        return fit(replace(lesson, options=options, seed=split.seed), progress)

    return train


def made_from(data: DatasetInfo, run: RunInfo | None) -> dict[str, Any]:
    """What a scorecard names as its origin."""
    return {
        "dataset": data.name,
        "version": data.version,
        "data_hash": data.hash,
        "run": run.id if run else None,
        "code_version": __version__,
    }


def kept_with_scores(
    model: "TrainedModel", encoder: "TextEncoder", run: RunInfo, validation: Sequence[ColdUsers]
) -> dict[str, Any]:
    """Keep a model, its encoder and its scores in the run's folder; the metrics for the run's record."""
    from recsys_core.evaluation.validation import user_scores, validation_metrics

    scores = user_scores(model, validation)
    metrics = validation_metrics(scores)
    save_scores(run.folder, scores)
    metrics |= {"stopped": model.stopped} if model.stopped else {}
    model.save(run.folder)
    record_encoder(encoder, run, metrics)
    return metrics
