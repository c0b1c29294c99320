"""A short trial of a fine-tune: some user steps, some texts there and back, one scoring, all timed; before
them some steps of pre-training, where it is wanted.

Nothing of what is learned is kept. It takes about three seconds beside loading.
"""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray

from recsys_core.columns import TEXT
from recsys_core.encoder.pretraining import seconds_of_a_pass
from recsys_core.errors import NotEnoughDataError
from recsys_core.progress import Silent
from recsys_core.randomness import rng_from
from recsys_core.training.estimate import Measured
from recsys_core.training.examples import epoch_batches
from recsys_core.training.finetune import TrainingRun
from recsys_core.training.fitting import Lesson
from recsys_core.training.item_gradients import STEP_TOKENS, EncoderTrainer, encoder_trainer
from recsys_core.training.options import Mode
from recsys_core.training.trained_model import TrainedModel

STEPS_SECONDS, TEXTS_SECONDS = 0.8, 1.5
MOST_STEPS, FIRST_TEXTS = 40, 16
MEGABYTE = 1_000_000


def try_lesson(lesson: Lesson, vectors_known: bool) -> Measured:
    """Time the parts of a lesson; its text vectors only count by their shape.

    ``vectors_known``: the texts need not be read before it begins. Raises NotEnoughDataError.
    """
    learns = lesson.options.mode is not Mode.HEAD
    run = TrainingRun(
        lesson.dataset, lesson.text_vectors, lesson.options, lesson.seed, Silent(), lesson.device
    )
    run.table.requires_grad_(learns)
    steps = tuple(_steps(run, lesson))
    if not steps:
        raise NotEnoughDataError("No user has two events or more.", "Import a log with longer histories.")
    trainer = encoder_trainer(lesson.encoder, lesson.dataset.items[TEXT].tolist(), lesson.options)
    read_speed, teach_speed = _text_speeds(trainer, learns)
    judging = time.monotonic()
    lesson.validate(TrainedModel(run.model.eval(), run.table.detach()))
    judging = time.monotonic() - judging
    model = sum(t.nbytes for t in run.model.state_dict().values()) + run.table.nbytes
    learned = model if learns else model - run.table.nbytes
    encoder = sum(p.nbytes for p in trainer.encoder.model.parameters()) if learns else 0
    learned += sum(p.nbytes for p in trainer.learning_state().values()) if learns else 0
    return Measured(
        step_seconds=steps,
        n_steps=run.steps_per_epoch,
        teach_speed=teach_speed,
        n_tokens=trainer.n_tokens if learns else 0,
        read_speed=read_speed,
        n_unread=0 if vectors_known else trainer.n_tokens,
        judge_seconds=judging,
        memory_mb=_peak_memory(),
        kept_mb=learned / MEGABYTE,
        model_mb=(model + encoder) / MEGABYTE,
        device=_device(run.device),
    )


def try_pretraining(lesson: Lesson) -> tuple[float, float]:
    """Seconds of one pass of pre-training over the item texts, and the MB of the encoder that is kept.

    The lesson's encoder learns in it. Raises NotEnoughDataError and InputError where it cannot.
    """
    texts = lesson.dataset.items[TEXT].tolist()
    seconds = seconds_of_a_pass(lesson.encoder, texts, rng_from(lesson.seed, "trial of pre-training"))
    return seconds, sum(p.nbytes for p in lesson.encoder.model.parameters()) / MEGABYTE


def _steps(run: TrainingRun, lesson: Lesson) -> Iterator[float]:
    """Seconds of user steps; the first one, which warms up, is left out where there are more."""
    rng = rng_from(lesson.seed, "trial")
    first, begun = 0.0, time.monotonic()
    n_told = 0
    batches = epoch_batches(lesson.dataset, lesson.options, rng)
    for number in range(MOST_STEPS):
        began = time.monotonic()
        batch = next(batches, None)
        if batch is None:
            break
        run.model.train()
        run.step(batch, number)
        taken = time.monotonic() - began
        if number == 0:
            first = taken
            continue
        yield taken
        n_told += 1
        if n_told > 1 and time.monotonic() - begun > STEPS_SECONDS:
            break
    if n_told == 0 and first:
        yield first


def _text_speeds(trainer: EncoderTrainer, learns: bool) -> tuple[float, float]:
    """Tokens a second read; and taught (forward, backward, step, read anew), 0 where nothing is."""
    rows = [row for row, tokens in enumerate(trainer.tokens) if tokens]
    if not rows:
        return 0.0, 0.0
    order = rng_from(0, "trial of texts").permutation(rows)
    n, read, taught = FIRST_TEXTS, 0.0, 0.0
    for _ in range(2):  # the first round warms up and tells how many texts the second may have
        some = replace(trainer, tokens=[trainer.tokens[row] for row in order[:n]])
        read = _seconds(partial(some.table, Silent()))
        taught = _seconds(partial(_gather, some)) if learns else 0.0
        n = int(np.clip(n * TEXTS_SECONDS / (read + taught), 2 * FIRST_TEXTS, 64 * FIRST_TEXTS))
    read_speed = some.n_tokens / read
    if not learns:
        return read_speed, 0.0
    stepping = _seconds(trainer.step) / min(STEP_TOKENS, trainer.n_tokens)
    return read_speed, 1 / ((read + taught) / some.n_tokens + stepping)


def _gather(some: EncoderTrainer) -> None:
    gradient = torch.full((len(some.tokens), some.encoder.dim), 1e-6, device=some.encoder.model.device)
    for rows in some.batches():
        some.backward(rows, gradient)


def _seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return max(time.monotonic() - began, 1e-6)


def _peak_memory() -> float:
    """MB this process has ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / MEGABYTE if sys.platform == "darwin" else peak * 1024 / MEGABYTE


def _device(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    cores = torch.get_num_threads()
    return f"this processor ({cores} core{'s' * (cores > 1)})"


def any_vectors(n: int, dim: int) -> NDArray[np.float32]:
    """Unit vectors that stand for texts not read yet."""
    drawn = rng_from(0, "any vectors").normal(size=(n, dim)).astype(np.float32)
    unit: NDArray[np.float32] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit
