"""Going on with a model's pre-training on the texts of a catalogue, before it is fine-tuned.

Domain-adaptive pre-training (Gururangan et al. 2020, "Don't Stop Pretraining"): encoders learn to
guess masked tokens (BERT, Devlin et al. 2019), decoders to guess the next one (Radford et al. 2018).
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recsys_core.encoder.hardware import autocast
from recsys_core.encoder.loading import read_weights
from recsys_core.encoder.metric_names import PRETRAINING_LOSS
from recsys_core.encoder.pooling import Pooling
from recsys_core.encoder.recipe import pooling_of_kind, read_recipe
from recsys_core.encoder.text_encoder import TextEncoder, length_sorted_batches
from recsys_core.errors import InputError, NotEnoughDataError
from recsys_core.progress import Progress, Silent

MASKED_SHARE, AS_MASK, AS_ANOTHER = 0.15, 0.8, 0.1  # Devlin et al. 2019
STEP_TOKENS = 1024  # the scores of every token over the whole vocabulary are held in memory
UNSCORED = -100  # what cross_entropy ignores
RATE, WARMUP, WEIGHT_DECAY, CLIP = 5e-5, 0.1, 0.01, 1.0
POINTS = 100  # of the curve of the loss
TRIAL_SECONDS = 1.5


def pretrain(
    encoder: TextEncoder,
    texts: Sequence[str],
    rng: np.random.Generator,
    epochs: int = 1,
    rate: float = RATE,
    progress: Progress | None = None,
) -> TextEncoder:
    """Let ``encoder`` learn the language of ``texts``: its model in place, and the same model is returned
    under the fingerprint of its new weights.

    Masked language modelling for encoders, causal for decoders, with the checkpoint's own output
    head where it has one and the input embeddings as one where not; ``epochs`` passes over the
    different texts, AdamW at ``rate`` (warmed up, then falling to zero). The same ``rng`` gives the
    same weights on a processor. Mean loss (nats per guessed token) is told as a metric; work can be
    cancelled between steps, after which the model has learned in part.

    Raises NotEnoughDataError where no text has anything to guess, InputError for an encoder without a
    mask token, CancelledError.
    """
    progress = progress or Silent()
    task = _Task.of(encoder)
    tokens = task.tokens_of(encoder, texts)
    with torch.random.fork_rng():
        torch.manual_seed(int(rng.integers(2**62)))  # dropout
        _learn(encoder, task, tokens, rng, epochs, rate, progress)
    return replace(encoder, fingerprint=_fingerprint(encoder))


def seconds_of_a_pass(
    encoder: TextEncoder, texts: Sequence[str], rng: np.random.Generator, seconds: float = TRIAL_SECONDS
) -> float:
    """Seconds that a pass of ``pretrain`` over ``texts`` takes here, told from some ``seconds`` of steps.

    The encoder learns in these steps, so nothing but another trial should use it afterwards. Raises
    NotEnoughDataError and InputError as ``pretrain`` does.
    """
    task = _Task.of(encoder)
    tokens = task.tokens_of(encoder, texts)
    with torch.random.fork_rng():
        try:
            return _time_steps(encoder, task, tokens, rng, seconds)
        finally:
            encoder.model.eval()


def _time_steps(
    encoder: TextEncoder, task: "_Task", tokens: Sequence[list[int]], rng: np.random.Generator, seconds: float
) -> float:
    scorer = _Scorer.of(encoder, task)
    optimiser = _optimiser(scorer, RATE)
    batches = [[tokens[r] for r in rows] for rows in _shuffled_batches(tokens, rng)]
    _step(encoder, scorer, *task.lesson(batches[0], rng), optimiser)  # the first one warms up
    began, done = time.monotonic(), 0
    for batch in batches:
        _step(encoder, scorer, *task.lesson(batch, rng), optimiser)
        done += sum(map(len, batch))
        if time.monotonic() - began > seconds:
            break
    return (time.monotonic() - began) * sum(map(len, tokens)) / done


def _learn(
    encoder: TextEncoder,
    task: "_Task",
    tokens: Sequence[list[int]],
    rng: np.random.Generator,
    epochs: int,
    rate: float,
    progress: Progress,
) -> None:
    scorer = _Scorer.of(encoder, task)
    batches = [batch for _ in range(epochs) for batch in _shuffled_batches(tokens, rng)]
    optimiser = _optimiser(scorer, rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share_of_rate(step, len(batches)))
    losses: list[float] = []
    try:
        for step, rows in enumerate(batches, start=1):
            progress.check_cancelled()
            losses.append(_step(encoder, scorer, *task.lesson([tokens[r] for r in rows], rng), optimiser))
            schedule.step()
            progress.advance(step, len(batches), "steps of pre-training")
            if step % max(1, len(batches) // POINTS) == 0 or step == len(batches):
                progress.metric(PRETRAINING_LOSS, step, float(np.mean(losses)))
                losses.clear()
    finally:
        encoder.model.eval()


def _optimiser(scorer: "_Scorer", rate: float) -> torch.optim.Optimizer:
    return torch.optim.AdamW(scorer.learning, lr=rate, weight_decay=WEIGHT_DECAY)


def _step(
    encoder: TextEncoder,
    scorer: "_Scorer",
    inputs: list[list[int]],
    wanted: list[list[int]],
    optimiser: torch.optim.Optimizer,
) -> float:
    ids, mask = encoder.padded(inputs)
    targets = torch.full_like(ids, UNSCORED)
    for row, asked in enumerate(wanted):
        targets[row, : len(asked)] = torch.tensor(asked)
    scorer.train()
    with autocast(ids.device):
        scores, answers = scorer(ids, mask, targets)
    loss = torch.nn.functional.cross_entropy(scores.float(), answers)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(scorer.learning, CLIP)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(loss.detach())


def _shuffled_batches(tokens: Sequence[list[int]], rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Every row once: other neighbours in every epoch, lengths alike within a batch."""
    order = rng.permutation(len(tokens))
    batches = list(length_sorted_batches([len(tokens[r]) for r in order], STEP_TOKENS))
    for n in rng.permutation(len(batches)):
        yield order[batches[n]]


def _share_of_rate(step: int, steps: int) -> float:
    warm = max(1, int(WARMUP * steps))
    return (step + 1) / warm if step < warm else (steps - step) / max(1, steps - warm)


@dataclass(frozen=True)
class _Task:
    """What is asked of a text's tokens. ``mask``: None where the next token is to be guessed."""

    mask: int | None
    special: frozenset[int]
    words: NDArray[np.int64]

    @staticmethod
    def of(encoder: TextEncoder) -> "_Task":
        tokenizer = encoder.tokenizer
        special = frozenset(tokenizer.all_special_ids)
        words = np.array([n for n in range(len(tokenizer)) if n not in special], np.int64)
        if pooling_of_kind(encoder.model.config) is Pooling.LAST:
            return _Task(None, special, words)
        if tokenizer.mask_token_id is None:
            raise InputError(
                f"The tokenizer of {encoder.name!r} has no mask token, so it cannot guess masked words.",
                "Fine-tune it without pre-training.",
            )
        return _Task(int(tokenizer.mask_token_id), special, words)

    def tokens_of(self, encoder: TextEncoder, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each different text that has something to guess. Raises NotEnoughDataError."""
        different = dict.fromkeys(text for text in texts if text)
        tokens = [ids for ids in encoder.tokenize(list(different)) if self.can_learn_from(ids)]
        if not tokens:
            raise NotEnoughDataError(
                f"None of {len(texts)} texts has a word to guess.", "Give the items titles or descriptions."
            )
        return tokens

    def can_learn_from(self, ids: list[int]) -> bool:
        return len(ids) > 1 if self.mask is None else any(n not in self.special for n in ids)

    def lesson(
        self, tokens: list[list[int]], rng: np.random.Generator
    ) -> tuple[list[list[int]], list[list[int]]]:
        """What the model reads, and at each place the token it should answer with, or UNSCORED."""
        if self.mask is None:
            return tokens, [[*ids[1:], UNSCORED] for ids in tokens]
        pairs = [self._masked(ids, rng) for ids in tokens]
        return [read for read, _ in pairs], [asked for _, asked in pairs]

    def _masked(self, ids: list[int], rng: np.random.Generator) -> tuple[list[int], list[int]]:
        places = [n for n, token in enumerate(ids) if token not in self.special]
        picked = rng.choice(places, max(1, round(MASKED_SHARE * len(places))), replace=False)
        read, asked = list(ids), [UNSCORED] * len(ids)
        for place, chance in zip(picked.tolist(), rng.random(len(picked)), strict=True):
            asked[place] = ids[place]
            if chance < AS_MASK:
                read[place] = int(self.mask or 0)
            elif chance < AS_MASK + AS_ANOTHER:
                read[place] = int(rng.choice(self.words))
        return read, asked


class _Scorer(torch.nn.Module):
    """The encoder's model with an output head: scores of every token of the vocabulary.

    ``whole``: the checkpoint's own class with its head, which holds the encoder's model itself; None
    where the checkpoint has no head and the input embeddings serve as one.
    """

    def __init__(self, model: Any, whole: Any | None) -> None:
        super().__init__()
        self.model = model
        self.whole = whole
        size = model.get_input_embeddings().num_embeddings
        self.bias = None if whole else torch.nn.Parameter(torch.zeros(size, device=model.device))

    @staticmethod
    def of(encoder: TextEncoder, task: _Task) -> "_Scorer":
        from transformers import AutoModelForCausalLM, AutoModelForMaskedLM

        kind = AutoModelForCausalLM if task.mask is None else AutoModelForMaskedLM
        whole, missing = read_weights(kind, read_recipe(encoder.folder).weights)
        if missing:
            return _Scorer(encoder.model, None)
        setattr(whole, whole.base_model_prefix, encoder.model)
        whole.tie_weights()
        return _Scorer(encoder.model, whole.to(encoder.model.device))

    @property
    def learning(self) -> list[Tensor]:
        """Every parameter that learns, once."""
        return [parameter for parameter in self.parameters() if parameter.requires_grad]

    def forward(self, ids: Tensor, mask: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (A, V) and answers (A,) at the places where something is asked."""
        asked = targets != UNSCORED  # (B, T)
        needed = None if bool(mask.all()) else mask
        if self.whole is not None:
            scores = self.whole(input_ids=ids, attention_mask=needed).logits[asked]
        else:
            states = self.model(input_ids=ids, attention_mask=needed).last_hidden_state[asked]  # (A, D)
            table = self.model.get_input_embeddings().weight  # (V, D)
            scores = torch.nn.functional.linear(states, table, self.bias)
        return scores, targets[asked]


def _fingerprint(encoder: TextEncoder) -> str:
    digest = hashlib.sha256(encoder.fingerprint.encode())
    for name, weight in sorted(encoder.model.state_dict().items()):
        digest.update(name.encode() + weight.detach().float().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
