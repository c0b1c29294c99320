"""The training loop: user steps against a table of item vectors, then the text encoder once per item."""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recsys_core.catalogue.dataset import Dataset
from recsys_core.encoder.hardware import attention_that_learns, autocast, choose_device, drawing, reproducible
from recsys_core.errors import NotEnoughDataError
from recsys_core.progress import Progress
from recsys_core.randomness import rng_from
from recsys_core.training import metric_names as names
from recsys_core.training.batch_parts import batch_parts, nth_part
from recsys_core.training.checkpoint import (
    Checkpoint,
    flatten,
    optimiser_tensors,
    restore_optimiser,
    unflatten,
)
from recsys_core.training.examples import Batch, batches_per_epoch, epoch_batches
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.item_gradients import EncoderTrainer
from recsys_core.training.loss import Candidates, batch_loss
from recsys_core.training.meter import Meter
from recsys_core.training.options import Part, TrainingOptions
from recsys_core.training.team import Team
from recsys_core.training.trained_model import TrainedModel
from recsys_core.training.trouble import DivergedError, Parts

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
    folder ``checkpoints`` an interrupted run goes on from its last whole epoch to the very result of
    an unbroken one; who has saved the model discards the checkpoint. Where the loss is no number any
    more, the best epoch until then counts and the model says so in ``stopped``.

    In a team of processes (``team.py``) each calls this with the same arguments and gets the same model;
    only the first judges, tells ``progress`` and writes checkpoints, and where one is asked to stop, all do.

    Raises NotEnoughDataError where no user has two events; DivergedError where the loss was no number
    before any epoch was judged; ResourceError where memory or disk do not suffice.
    """
    if not (np.diff(dataset.offsets) >= 2).any():
        raise NotEnoughDataError(
            "No user has two events or more, so there is nothing to learn an order from.",
            "Import a log with longer histories.",
        )
    stored = Checkpoint.load(checkpoints) if checkpoints else None
    run = TrainingRun(dataset, text, options, seed, progress, device, stored)
    while not run.finished:
        try:
            run.epoch_of_steps()
        except DivergedError as error:
            return run.best_after(error)
        run.judge(validate)
        if checkpoints and run.team.leads:
            run.checkpoint().save(checkpoints)
    return run.best()


class TrainingRun:
    """The state of one training run between epochs."""

    def __init__(
        self,
        dataset: Dataset,
        text: NDArray[np.float32] | EncoderTrainer,
        options: TrainingOptions,
        seed: int,
        progress: Progress,
        device: str,
        stored: Checkpoint | None = None,
    ) -> None:
        self.dataset, self.options, self.seed, self.team = dataset, options, seed, Team.here()
        self.progress = self.team.progress(progress)
        self.device = choose_device(device)
        self.trainer = text if isinstance(text, EncoderTrainer) else None
        self.meter = self._new_meter()
        self.parts = Parts("users", -(-min(options.batch_users, dataset.n_users) // self.team.n))
        self.table = self._first_table(text, stored)
        self.model = self._new_model()
        self.optimiser = _optimiser(self.model)
        taken = np.bincount(dataset.item, minlength=dataset.n_items) > 0
        self.candidates = Candidates.of(
            self.model.item_domain, torch.as_tensor(taken, device=self.device), len(dataset.domains)
        )
        self.steps_per_epoch = batches_per_epoch(dataset, options)
        self.epoch, self.best_epoch, self.best_score = 0, 0, -math.inf
        self.best_tensors: dict[str, Tensor] = {}
        if stored:
            self.restore(stored)
        self.meter.begin(self.epoch)
        if self.team.n > 1:
            self.progress.log(f"{self.team.n} processes train together.")

    @property
    def finished(self) -> bool:
        """All epochs done, or no better score for ``patience`` epochs in which everything learned."""
        waited = self.epoch - max(self.best_epoch, self.options.epochs_before_encoder)
        return self.epoch >= self.options.epochs or (self.epoch > 0 and waited >= self.options.patience)

    def epoch_of_steps(self) -> None:
        """Every user once; then, where the encoder learns, every item once."""
        losses = []
        rng = rng_from(self.seed, "epoch", str(self.epoch))
        self.meter.begin_epoch(self.epoch)
        teaches = self.trainer is not None and self.epoch >= self.options.epochs_before_encoder
        self.table.requires_grad_(teaches)
        with reproducible(self.device):
            self.model.train()
            for step, batch in enumerate(epoch_batches(self.dataset, self.options, rng)):
                self.progress.check_cancelled()
                losses.append(self.step(batch, self.epoch * self.steps_per_epoch + step))
                self.meter.step(len(batch.items), losses[-1], self.optimiser.param_groups[0]["lr"])
            self._teach_encoder()
        self.epoch += 1
        self.progress.metric(names.EPOCH_LOSS, self.epoch, float(np.mean(losses)))

    def judge(self, validate: Validate) -> None:
        """Score the model, and keep it where it is the best so far."""
        model = TrainedModel(self.model.eval(), self.table)
        score = self.team.lead(validate(model) if self.team.leads else 0.0)
        self.meter.judged()
        if math.isfinite(score):
            self.progress.metric(names.SCORE, self.epoch, score)
        self.progress.log(f"Epoch {self.epoch}: validation NDCG@10 {score:.4f}")
        if score > self.best_score:
            self.best_epoch, self.best_score = self.epoch, score
            self.best_tensors = {name: t.detach().clone() for name, t in self._learned().items()}

    def best(self) -> TrainedModel:
        """The best epoch's model; the encoder gets that epoch's weights back too."""
        self._load_learned(self.best_tensors)
        return TrainedModel(self.model.eval(), self.table)

    def best_after(self, error: DivergedError) -> TrainedModel:
        """The best epoch's model after training broke off, with the reason. Raises ``error`` without one."""
        if not self.best_tensors:
            raise error
        stopped = f"{error.problem} Training stopped there; the model is that of epoch {self.best_epoch}."
        self.progress.log(stopped)
        return replace(self.best(), stopped=stopped)

    def checkpoint(self) -> Checkpoint:
        """All that ``restore`` needs."""
        tensors = flatten("now", self._learned()) | flatten("best", self.best_tensors)
        tensors |= optimiser_tensors("optimiser", self.optimiser)
        if self.trainer:
            tensors |= optimiser_tensors("encoder", self.trainer.optimiser)
        document = {"epoch": self.epoch, "best_epoch": self.best_epoch, "best_score": self.best_score}
        document |= {"parts": self.parts.n, "encoder_parts": self.trainer.parts.n if self.trainer else 1}
        return Checkpoint(tensors, document)

    def restore(self, stored: Checkpoint) -> None:
        """Go back to where the checkpoint was taken."""
        self.epoch, self.best_epoch = stored.document["epoch"], stored.document["best_epoch"]
        self.best_score, self.parts.n = stored.document["best_score"], stored.document.get("parts", 1)
        self.best_tensors = unflatten("best", stored.tensors)
        self._load_learned(unflatten("now", stored.tensors))
        restore_optimiser("optimiser", self.optimiser, stored.tensors)
        if self.trainer:
            restore_optimiser("encoder", self.trainer.optimiser, stored.tensors)
            self.trainer.parts.n = stored.document.get("encoder_parts", 1)
        self.progress.log(f"Going on after epoch {self.epoch} from the checkpoint.")

    def step(self, batch: Batch, number: int) -> float:
        """Learn from a batch, the ``number``-th of the run; its loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.options.rate * self._share_of_rate(number / self.steps_per_epoch)
        before = self.table.grad

        def undo() -> None:
            self.optimiser.zero_grad(set_to_none=True)
            self.table.grad = None

        undo()
        mine = nth_part(batch, self.team.n, self.team.number)
        drawn = int(rng_from(self.seed, "step", str(number)).integers(2**62))
        value = self.parts.fit(lambda n: self._gather(*mine, n, drawn), undo, self.progress) if mine else 0.0
        value = self.team.total_number(value)
        self._check_finite(value, "training loss")
        if before is not None and self.table.grad is not None:
            self.table.grad = before.add_(self.table.grad)
        self.team.total_gradients(list(self.model.parameters()))
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.options.clip)
        self.optimiser.step()
        return value

    def _gather(self, batch: Batch, whole: float, n: int, drawn: int) -> float:
        """``whole`` of the loss of a batch in ``n`` parts, whose gradients are added up; all parts draw from
        the same seed.
        """
        value = 0.0
        for part, of_batch in batch_parts(batch, n):
            share = whole * of_batch
            with autocast(self.device), attention_that_learns(self.device), drawing(drawn, self.device):
                loss = batch_loss(self.model, self.table, part, self.candidates)
            value += share * float(loss.detach())
            torch.autograd.backward(loss * share)
        return value

    def _check_finite(self, value: float, what: str) -> None:
        if not math.isfinite(value):
            raise DivergedError(
                f"The {what} became {value} in epoch {self.epoch + 1}.",
                "Start again with another seed, or choose a mode in which less is learned.",
            )

    def _share_of_rate(self, epochs: float, first: int = 0) -> float:
        """The share of the rates after so many ``epochs``, for what learns from epoch ``first`` on: a
        linear warm-up, then a cosine to a tenth.
        """
        through = (epochs - first) / max(1, self.options.epochs - first)
        if through < self.options.warmup:
            return max(0.01, through / self.options.warmup)
        past = (through - self.options.warmup) / max(1e-9, 1 - self.options.warmup)
        return 0.1 + 0.45 * (1 + math.cos(math.pi * min(1.0, past)))

    def _teach_encoder(self) -> None:
        if not self.table.requires_grad:
            return
        first = self.options.epochs_before_encoder
        self.team.total_gradients([self.table])
        gradient, self.table = self.table.grad, self.table.detach()
        if self.trainer and gradient is not None:
            self.trainer.push(
                gradient,
                self.progress,
                self.meter.read,
                lambda through: self._share_of_rate(self.epoch + through, first),
            )
            self.table = self.trainer.table(self.progress)
            self._check_finite(float(self.table.sum()), "sum of the text vectors")
            self.meter.refreshed()

    def _new_meter(self) -> Meter:
        lengths = [len(tokens) for tokens in self.trainer.tokens] if self.trainer else []
        n_steps = batches_per_epoch(self.dataset, self.options)
        return Meter(
            self.progress,
            self.device,
            self.options.epochs,
            n_steps,
            sum(map(bool, lengths)),
            sum(lengths),
            self.options.epochs_before_encoder,
        )

    def _first_table(self, text: NDArray[np.float32] | EncoderTrainer, stored: Checkpoint | None) -> Tensor:
        if not isinstance(text, EncoderTrainer):
            return torch.as_tensor(text, dtype=torch.float32, device=self.device)
        if stored:  # it has the table
            return torch.zeros(len(text.tokens), text.encoder.dim, device=self.device)
        began = time.monotonic()
        table = text.table(self.progress)
        self.meter.first_table(time.monotonic() - began)
        return table

    def _new_model(self) -> InterestModel:
        item_domain = torch.tensor(self.dataset.item_domain)
        with drawing(int(rng_from(self.seed, "weights").integers(2**62)), self.device):
            model = InterestModel(self.table.shape[1], item_domain, len(self.dataset.domains), self.options)
        with torch.no_grad():
            model.prior.copy_(torch.as_tensor(self._first_prior()))
        if self.options.has(Part.TEXT) and self.options.has(Part.MEAN):
            model.begin_from(self.table.detach().cpu())
        model.prior.requires_grad_(self.options.has(Part.PRIOR))
        return model.to(self.device)

    def _first_prior(self) -> NDArray[np.float64]:
        """(I,) log popularity, so that the vectors learn what popularity can't say. An item without events
        has the mean of its domain: how popular it will be, nobody knows.
        """
        counts = np.bincount(self.dataset.item, minlength=self.dataset.n_items)
        prior = np.log(counts + 0.5)
        for domain in range(len(self.dataset.domains)):
            rows = self.dataset.domain_items(domain)
            taken = counts[rows] > 0
            if taken.any():
                prior[rows[~taken]] = prior[rows[taken]].mean()
        share = self.options.popularity if self.options.has(Part.PRIOR) else 0.0
        return np.asarray(share * prior, np.float64)

    def _learned(self) -> dict[str, Tensor]:
        """What a checkpoint keeps of the model; the text vectors only where they change."""
        learned = flatten("model", self.model.state_dict())
        if self.trainer:
            learned |= flatten("encoder", self.trainer.learning_state()) | {"table": self.table}
        return learned

    def _load_learned(self, tensors: dict[str, Tensor]) -> None:
        self.model.load_state_dict(unflatten("model", tensors))
        if self.trainer:
            self.table = tensors["table"].detach().to(self.device)
            self.trainer.load_learning_state(unflatten("encoder", tensors))


def _optimiser(model: InterestModel) -> torch.optim.Optimizer:
    """AdamW over the towers; scalars and popularity have no zero to be pulled to."""
    options = model.options
    free = [model.prior, model.log_scale, model.mean, model.log_kappa, model.near, model.log_beside_scale]
    apart = {id(p) for p in (*free, model.residual)}
    rest = [p for p in model.parameters() if id(p) not in apart]
    groups = [
        {"params": rest, "weight_decay": options.weight_decay},
        {"params": [model.residual], "weight_decay": options.id_decay},
        {"params": free, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=options.rate, fused=True)
