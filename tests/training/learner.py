"""Learn the themed log in any mode; as a program, in a process that kills itself on the way.

``python -m tests.training.learner TINY_ENCODER FOLDER MODE steps|texts``
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.encoder.loading import load_encoder
from recsys_core.progress import Progress, Silent
from recsys_core.recommend.answers import mean_ndcg
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.item_gradients import encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions
from recsys_core.training.trained_model import TrainedModel
from tests.training.logs import PER_THEME, themed_dataset

OPTIONS = TrainingOptions(epochs=4, batch_users=8, dim=16, layers=1, heads=2, longest=10, rate=1e-2)


class At(Silent):
    """Does something in the third epoch: amid its user steps, or once the encoder has begun to learn."""

    def __init__(self, where: str) -> None:
        self.where, self.n = where, 0

    def advance(self, done: float, total: float, message: str = "") -> None:
        if message.startswith("epoch 3 ") and ("taught" in message) == (self.where == "texts"):
            self.n += 1
            if self.n == (1 if self.where == "texts" else 2):
                self.act()

    def act(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def learn(
    mode: Mode,
    progress: Progress,
    tiny: Path,
    folder: Path | None = None,
    options: TrainingOptions = OPTIONS,
) -> dict[str, NDArray[np.float32]]:
    """Everything that was learned, by name, and the score of the last epoch; ``tiny``: of the encoder."""
    options = replace(options, mode=mode)
    dataset, vectors = themed_dataset(n_users=24)
    text, encoder, scores = vectors, None, []
    if mode is not Mode.HEAD:
        encoder = load_encoder(tiny, device="cpu")
        texts = [f"{'long ' * (row % 4)}theme {row // PER_THEME}" for row in range(dataset.n_items)]
        text = encoder_trainer(encoder, texts, options, seed=5)

    def validate(model: TrainedModel) -> float:
        scores.append(ndcg_of_last(model, dataset))
        return scores[-1]

    model = train_interest_model(dataset, text, validate, options, 5, progress, folder, "cpu")
    found = {name: t.numpy() for name, t in model.model.state_dict().items()}
    found["table"], found["last score"] = model.text_vectors.detach().numpy(), np.array(scores[-1:])
    if encoder:
        found |= {f"encoder {n}": t.detach().numpy() for n, t in encoder.model.state_dict().items()}
    return found


def ndcg_of_last(model: TrainedModel, dataset: Dataset) -> float:
    """NDCG@10 of every user's last item among its domain's, by what came before it."""
    histories = [dataset.history(user) for user in range(dataset.n_users)]
    last = np.array([history.items[-1] for history in histories])
    (domain,) = np.unique(dataset.item_domain[last])
    scores = model.score([history.without(len(history) - 1) for history in histories], int(domain))
    places = np.searchsorted(dataset.domain_items(int(domain)), last)
    return mean_ndcg(scores, [np.array([place]) for place in places])


if __name__ == "__main__":
    learn(Mode(sys.argv[3]), At(sys.argv[4]), Path(sys.argv[1]), Path(sys.argv[2]))
