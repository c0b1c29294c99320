"""Training an InterestModel in any mode, from a dataset, an encoder and its vectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import TEXT
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.progress import Progress
from recsys_core.training.finetune import Validate, train_interest_model
from recsys_core.training.item_gradients import EncoderTrainer, encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions
from recsys_core.training.trained_model import TrainedModel


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

    Raises what ``train_interest_model`` raises.
    """
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
