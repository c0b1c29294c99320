"""Training an InterestModel in any mode, from a dataset, an encoder and its vectors.

In a team of processes the first calls ``fit`` as often as it likes and ``dismiss`` in the end, and each of
the others calls ``help_fit`` once.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import TEXT
from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.errors import CancelledError, NotEnoughDataError
from recsys_core.progress import Progress, Silent
from recsys_core.training.finetune import Validate, train_interest_model
from recsys_core.training.item_gradients import EncoderTrainer, encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions
from recsys_core.training.team import Team
from recsys_core.training.trained_model import TrainedModel
from recsys_core.training.trouble import DivergedError


@dataclass(frozen=True, eq=False)
class Lesson:
    """What a training run is about.

    ``dataset``: without the validation users' answers. ``encoder``: learns too unless the mode is
    ``head``. ``text_vectors``: (I, text_dim) of the encoder as it is before. ``validate``: the score
    to stop by, higher is better.
    """

    dataset: Dataset
    encoder: TextEncoder
    text_vectors: NDArray[np.float32]
    validate: Validate
    options: TrainingOptions = field(default_factory=TrainingOptions)
    seed: int = 0
    device: str = "auto"


def fit(lesson: Lesson, progress: Progress, checkpoints: Path | None = None) -> TrainedModel:
    """The best epoch's model; outside the mode ``head`` the encoder has that epoch's weights.

    ``checkpoints``: a folder to go on from; discard its checkpoint once the model is saved. Raises
    what ``train_interest_model`` raises.
    """
    if Team.here().n > 1:
        Team.here().tell(_Errand.of(lesson, checkpoints))
        _share_weights(lesson.encoder)
    return _fit(lesson, progress, checkpoints)


def help_fit() -> None:
    """Train with the first process of the team whenever that calls ``fit``, until it calls ``dismiss``."""
    while errand := _next_errand():
        lesson = errand.lesson()
        _share_weights(lesson.encoder)
        with contextlib.suppress(CancelledError, DivergedError, NotEnoughDataError):  # the first tells
            _fit(lesson, Silent(), errand.checkpoints)


def _next_errand() -> "_Errand | None":
    return Team.here().tell(None)


def dismiss() -> None:
    """Let those go who help this process."""
    if Team.here().n > 1:
        Team.here().tell(None)


def _fit(lesson: Lesson, progress: Progress, checkpoints: Path | None) -> TrainedModel:
    text: NDArray[np.float32] | EncoderTrainer = lesson.text_vectors
    if lesson.options.mode is not Mode.HEAD:
        texts: Sequence[str] = lesson.dataset.items[TEXT].tolist()
        text = encoder_trainer(lesson.encoder, texts, lesson.options, lesson.seed)
    return train_interest_model(
        lesson.dataset,
        text,
        lesson.validate,
        lesson.options,
        lesson.seed,
        progress,
        checkpoints,
        lesson.device,
    )


@dataclass(frozen=True, eq=False)
class _Errand:
    """A lesson as it is told to other processes: they load the encoder themselves, each for its device."""

    dataset: Dataset
    encoder: Path
    on: str
    text_vectors: NDArray[np.float32]
    options: TrainingOptions
    seed: int
    device: str
    checkpoints: Path | None

    @classmethod
    def of(cls, lesson: Lesson, checkpoints: Path | None) -> "_Errand":
        on = lesson.encoder.model.device.type
        what = (lesson.dataset, lesson.encoder.folder, on, lesson.text_vectors)
        return cls(*what, lesson.options, lesson.seed, lesson.device, checkpoints)

    def lesson(self) -> Lesson:
        encoder = load_encoder(self.encoder, self.on)
        what = (self.dataset, encoder, self.text_vectors, _unasked)
        return Lesson(*what, self.options, self.seed, self.device)


def _unasked(_: TrainedModel) -> float:
    return 0.0  # the first process judges


def _share_weights(encoder: TextEncoder) -> None:
    """Those of the first process's encoder may have been trained since they were loaded."""
    with torch.no_grad():
        Team.here().lead_tensors(encoder.model.state_dict().values())
