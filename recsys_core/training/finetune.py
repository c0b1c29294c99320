"""The training loop: user steps against a table of item vectors, then the text encoder once per item."""

import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recsys_core.catalogue.dataset import Dataset
from recsys_core.encoder.hardware import autocast, choose_device
from recsys_core.errors import DriftmapError, NotEnoughDataError
from recsys_core.progress import Progress
from recsys_core.randomness import rng_from
from recsys_core.training.checkpoint import (
    Checkpoint,
    discard,
    flatten,
    optimiser_tensors,
    restore_optimiser,
    unflatten,
)
from recsys_core.training.examples import Batch, batches_per_epoch, epoch_batches
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.item_gradients import EncoderTrainer
from recsys_core.training.loss import batch_loss
from recsys_core.training.options import TrainingOptions
from recsys_core.training.trained_model import TrainedModel

Validate = Callable[[TrainedModel], float]


def train_interest_model(
    dataset: Dataset,
    text: NDArray[np.float32] | EncoderTrainer,
    validate: Validate,
    options: TrainingOptions,
    seed: int,
    progress: Progress,
    checkpoints: Path | None = None,
    device: str = "auto",
) -> TrainedModel:
    """The model of the epoch with the best validation score.

    ``text``: (I, text_dim) frozen text vectors, or the encoder that shall learn too. ``validate``:
    a score of a model, higher is better, by users whose answers ``dataset`` does not hold. With a
    folder ``checkpoints`` an interrupted run goes on from its last whole epoch.

    Raises NotEnoughDataError where no user has two events.
    """
    if not (np.diff(dataset.offsets) >= 2).any():
        raise NotEnoughDataError(
            "No user has two events or more, so there is nothing to learn an order from.",
            "Import a log with longer histories.",
        )
    run = _Run(dataset, text, options, seed, progress, device)
    if checkpoints and (stored := Checkpoint.load(checkpoints)):
        run.restore(stored)
    while not run.finished:
        run.epoch_of_steps()
        run.judge(validate)
        if checkpoints:
            run.checkpoint().save(checkpoints)
    if checkpoints:
        discard(checkpoints)
    return run.best()


class _Run:
    """The state of one training run between epochs."""

    def __init__(
        self,
        dataset: Dataset,
        text: NDArray[np.float32] | EncoderTrainer,
        options: TrainingOptions,
        seed: int,
        progress: Progress,
        device: str,
    ) -> None:
        self.dataset, self.options, self.seed, self.progress = dataset, options, seed, progress
        self.device = choose_device(device)
        self.trainer = text if isinstance(text, EncoderTrainer) else None
        self.table = self._first_table(text)
        self.model = self._new_model()
        self.optimiser = torch.optim.AdamW(
            self.model.parameters(), lr=options.rate, weight_decay=options.weight_decay
        )
        self.domain_items = [
            torch.tensor(dataset.domain_items(d), device=self.device) for d in range(len(dataset.domains))
        ]
        self.steps_per_epoch = batches_per_epoch(dataset, options)
        self.epoch, self.best_epoch, self.best_score = 0, 0, -math.inf
        self.best_tensors: dict[str, Tensor] = {}

    @property
    def finished(self) -> bool:
        """All epochs done, or no better score for ``patience`` epochs."""
        waited = self.epoch - self.best_epoch
        return self.epoch >= self.options.epochs or (self.epoch > 0 and waited >= self.options.patience)

    def epoch_of_steps(self) -> None:
        """Every user once; then, where the encoder learns, every item once."""
        began, losses = time.monotonic(), []
        rng = rng_from(self.seed, "epoch", str(self.epoch))
        with torch.random.fork_rng():
            torch.manual_seed(int(rng.integers(2**62)))
            self.model.train()
            for step, batch in enumerate(epoch_batches(self.dataset, self.options, rng)):
                self.progress.check_cancelled()
                losses.append(self._step(batch, self.epoch * self.steps_per_epoch + step))
                self._tell(step)
            self._teach_encoder()
        self.epoch += 1
        users = self.steps_per_epoch * self.options.batch_users
        self.progress.metric("training loss", self.epoch, float(np.mean(losses)))
        self.progress.metric("users per second", self.epoch, users / (time.monotonic() - began))

    def judge(self, validate: Validate) -> None:
        """Score the model, and keep it where it is the best so far."""
        score = validate(TrainedModel(self.model.eval(), self.table))
        self.progress.metric("validation NDCG@10", self.epoch, score)
        self.progress.log(f"Epoch {self.epoch}: validation NDCG@10 {score:.4f}")
        if score > self.best_score:
            self.best_epoch, self.best_score = self.epoch, score
            self.best_tensors = {name: t.detach().clone() for name, t in self._learned().items()}

    def best(self) -> TrainedModel:
        """The best epoch's model; the encoder gets that epoch's weights back too."""
        self._load_learned(self.best_tensors)
        return TrainedModel(self.model.eval(), self.table)

    def checkpoint(self) -> Checkpoint:
        """All that ``restore`` needs."""
        tensors = flatten("now", self._learned()) | flatten("best", self.best_tensors)
        tensors |= optimiser_tensors("optimiser", self.optimiser)
        if self.trainer:
            tensors |= optimiser_tensors("encoder", self.trainer.optimiser)
        document = {"epoch": self.epoch, "best_epoch": self.best_epoch, "best_score": self.best_score}
        return Checkpoint(tensors, document)

    def restore(self, stored: Checkpoint) -> None:
        """Go back to where the checkpoint was taken."""
        self.epoch, self.best_epoch = stored.document["epoch"], stored.document["best_epoch"]
        self.best_score = stored.document["best_score"]
        self.best_tensors = unflatten("best", stored.tensors)
        self._load_learned(unflatten("now", stored.tensors))
        restore_optimiser("optimiser", self.optimiser, stored.tensors)
        if self.trainer:
            restore_optimiser("encoder", self.trainer.optimiser, stored.tensors)
        self.progress.log(f"Going on after epoch {self.epoch} from the checkpoint.")

    def _step(self, batch: Batch, number: int) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = self.options.rate * self._schedule(number)
        with autocast(self.device):
            loss = batch_loss(self.model, self.model.item_vectors(self.table), batch, self.domain_items)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise DriftmapError(
                f"The training loss became {value} in epoch {self.epoch + 1}. "
                f"Start again with a lower learning rate than {self.options.rate}."
            )
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.options.clip)
        self.optimiser.step()
        return value

    def _schedule(self, step: int) -> float:
        """Linear warm-up, then a cosine down to a tenth."""
        total = self.options.epochs * self.steps_per_epoch
        warm = max(1.0, self.options.warmup * total)
        if step < warm:
            return (step + 1) / warm
        through = (step - warm) / max(1.0, total - warm)
        return 0.1 + 0.45 * (1 + math.cos(math.pi * min(1.0, through)))

    def _teach_encoder(self) -> None:
        if self.trainer is None:
            return
        gradient = self.table.grad
        self.table = self.table.detach()
        if gradient is not None:
            self.trainer.push(gradient, self.progress)
            self.table = self.trainer.table(self.progress).requires_grad_()

    def _tell(self, step: int) -> None:
        done = self.epoch * self.steps_per_epoch + step + 1
        total = self.options.epochs * self.steps_per_epoch
        self.progress.advance(done, total, f"epoch {self.epoch + 1} of at most {self.options.epochs}")

    def _first_table(self, text: NDArray[np.float32] | EncoderTrainer) -> Tensor:
        if isinstance(text, EncoderTrainer):
            return text.table(self.progress).requires_grad_()
        return torch.as_tensor(text, dtype=torch.float32, device=self.device)

    def _new_model(self) -> InterestModel:
        item_domain = torch.tensor(self.dataset.item_domain)
        with torch.random.fork_rng():
            torch.manual_seed(int(rng_from(self.seed, "weights").integers(2**62)))
            model = InterestModel(self.table.shape[1], item_domain, len(self.dataset.domains), self.options)
        counts = np.bincount(self.dataset.item, minlength=self.dataset.n_items)
        with torch.no_grad():
            # Starting from log popularity, the vectors learn what popularity can't say.
            model.prior.copy_(torch.as_tensor(np.log(counts + 0.5)))
        return model.to(self.device)

    def _learned(self) -> dict[str, Tensor]:
        learned = flatten("model", self.model.state_dict()) | {"table": self.table}
        if self.trainer:
            learned |= flatten("encoder", self.trainer.encoder.model.state_dict())
        return learned

    def _load_learned(self, tensors: dict[str, Tensor]) -> None:
        self.model.load_state_dict(unflatten("model", tensors))
        self.table = tensors["table"].detach().to(self.device)
        if self.trainer:
            self.table.requires_grad_()
            self.trainer.encoder.model.load_state_dict(unflatten("encoder", tensors))
