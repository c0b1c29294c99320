"""Item-gradient caching: the text encoder learns once per item, not once per event.

The table of text vectors is held still while many user steps run against it and their gradient
with respect to the table is summed; then each item's text goes through the encoder once, and the
summed gradient is pushed through it (after GradCache, Gao et al. 2021; for items, beeFormer,
Vančura et al. 2024). The cost of an epoch grows with items, not with interactions.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from recsys_core.encoder.hardware import attention_that_learns, autocast, drawing
from recsys_core.encoder.text_encoder import TextEncoder, length_sorted_batches, tokens_per_batch
from recsys_core.errors import InputError
from recsys_core.progress import Progress
from recsys_core.randomness import rng_from
from recsys_core.training.options import Mode, TrainingOptions
from recsys_core.training.team import Team
from recsys_core.training.trouble import Parts

Rows = NDArray[np.int64]
Tell = Callable[[int, int], None]
_QUERIES_AND_VALUES = (
    *("query", "value"),  # BERT, RoBERTa, ELECTRA, ALBERT
    *("q_lin", "v_lin"),  # DistilBERT
    *("q", "v"),  # MPNet
    *("query_proj", "value_proj"),  # DeBERTa
    "Wqkv",  # ModernBERT
    "c_attn",  # GPT-2
    *("q_proj", "v_proj"),  # Llama, Qwen, Mistral, Gemma, OPT
    *("qkv_proj", "query_key_value"),  # Phi; BLOOM, Falcon, GPT-NeoX
)
THERE_AND_BACK = 2  # of the tokens that are read at once: each batch fills and adds the gradient of all words
STEP_TOKENS = 8 * 4096  # tokens whose gradient is gathered before the encoder takes a step


@dataclass(frozen=True, eq=False)
class EncoderTrainer:
    """The learning part of the text encoder, its optimiser, and the tokenised texts of all items.

    ``tokens``: one list of token ids per item row; items without text are empty and stay zero.
    """

    encoder: TextEncoder
    optimiser: torch.optim.Optimizer
    tokens: Sequence[list[int]]
    clip: float
    parts: Parts = field(default_factory=lambda: Parts("texts", 1))
    team: Team = field(default_factory=Team.here)

    def push(
        self,
        gradient: Tensor,
        progress: Progress,
        tell: Tell = lambda _rows, _tokens: None,
        share: Callable[[float], float] = lambda _through: 1.0,
    ) -> None:
        """Push the gradient (I, text_dim) of the loss with respect to the table into the encoder.

        ``tell`` is called with the texts and tokens of each batch that is through. ``share``: of the
        rates, by how much of the texts, in [0, 1), is through. Where memory runs out, the step is taken
        again with smaller batches. In a team each process takes its share of every batch.

        Nothing is dropped at random, so that the gradient is that of the very vectors in the table.
        """
        groups, often = list(self._groups()), self.team.apart(progress)
        for number, group in enumerate(groups):
            for some in self.optimiser.param_groups:
                some["lr"] = some["initial_lr"] * share(number / len(groups))

            def gather(parts: int, group: list[Rows] = group) -> None:
                for batch in group:
                    for some in _parts(self.team.share(batch), parts):
                        often.check_cancelled()
                        self.backward(some, gradient)
                    tell(len(batch), self._count(batch))

            self.parts.fit(gather, lambda: self.optimiser.zero_grad(set_to_none=True), progress)
            progress.check_cancelled()
            self.team.total_gradients(self._learning)
            self.step()

    def table(self, progress: Progress, tell: Tell = lambda _rows, _tokens: None) -> Tensor:
        """(I, text_dim) text vectors as the encoder gives them now. ``tell``: as for ``push``.

        In a team each process reads other batches, whole as one process would, so that not a bit differs.
        """
        device = self.encoder.model.device
        vectors = torch.zeros(len(self.tokens), self.encoder.dim, device=device)
        often = self.team.apart(progress)
        for number, batch in enumerate(self.batches(tokens_per_batch(device))):
            mine = batch if number % self.team.n == self.team.number else batch[:0]

            def read(parts: int, mine: Rows = mine) -> None:
                with torch.no_grad(), autocast(self.encoder.model.device):
                    for some in _parts(mine, parts):
                        often.check_cancelled()
                        vectors[some] = self.encoder.forward([self.tokens[r] for r in some]).float()

            self.parts.fit(read, lambda: None, progress)
            progress.check_cancelled()
            tell(len(batch), self._count(batch))
        return self.team.total(vectors)  # a row that another process read is zero in this one

    @property
    def n_tokens(self) -> int:
        """Tokens of all texts together."""
        return sum(map(len, self.tokens))

    def learning_state(self) -> dict[str, Tensor]:
        """The weights that learn, by name; the others are the encoder's own and need not be kept."""
        return {name: p for name, p in self.encoder.model.named_parameters() if p.requires_grad}

    def load_learning_state(self, state: dict[str, Tensor]) -> None:
        """Put back what ``learning_state`` gave."""
        self.encoder.model.load_state_dict(state, strict=False)

    def batches(self, most: int | None = None) -> Iterator[Rows]:
        """Rows of texts of like length, ``most`` tokens together: by default as many as go through the
        encoder and back at once, and no more than a step of the optimiser has.
        """
        most = most or min(THERE_AND_BACK * tokens_per_batch(self.encoder.model.device), STEP_TOKENS)
        rows = np.array([r for r, token in enumerate(self.tokens) if token], np.int64)
        for picked in length_sorted_batches([len(self.tokens[r]) for r in rows], most):
            batch = rows[picked]
            self.parts.most = max(self.parts.most, len(batch))
            yield batch

    def _groups(self) -> Iterator[list[Rows]]:
        """The batches whose gradient is gathered before the encoder takes a step."""
        group: list[Rows] = []
        for batch in self.batches():
            group.append(batch)
            if sum(map(self._count, group)) >= STEP_TOKENS:
                yield group
                group = []
        if group:
            yield group

    def backward(self, rows: Rows, gradient: Tensor) -> None:
        """Add the gradient of some texts' rows of the table to that of the encoder."""
        device = self.encoder.model.device
        with autocast(device), attention_that_learns(device):
            vectors = self.encoder.forward([self.tokens[r] for r in rows])
        torch.autograd.backward(vectors, gradient[rows].to(vectors.device))

    def _count(self, rows: Rows) -> int:
        return sum(len(self.tokens[r]) for r in rows)

    def step(self) -> None:
        """Let the encoder take a step by the gradient gathered so far."""
        torch.nn.utils.clip_grad_norm_(self._learning, self.clip)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)

    @property
    def _learning(self) -> list[Tensor]:
        return [p for group in self.optimiser.param_groups for p in group["params"]]


def _parts(rows: Rows, n: int) -> list[Rows]:
    """Rows in ``n`` parts, none of them empty."""
    return np.array_split(rows, min(n, len(rows))) if len(rows) else []


def encoder_trainer(
    encoder: TextEncoder, texts: Sequence[str], options: TrainingOptions, seed: int = 0
) -> EncoderTrainer:
    """Make the encoder ready to learn in the mode of ``options`` (lora or full).

    ``seed``: of what adapters begin with.
    """
    model = _with_adapters(encoder.model, seed) if options.mode is Mode.LORA else encoder.model
    groups = _layer_groups(model, options)
    optimiser = torch.optim.AdamW(groups, weight_decay=options.weight_decay, fused=True)
    tokens = [ids if text else [] for text, ids in zip(texts, encoder.tokenize(texts), strict=True)]
    return EncoderTrainer(encoder, optimiser, tokens, options.clip)


def _layer_groups(model: Any, options: TrainingOptions) -> list[dict[str, Any]]:
    """The learning parameters of each layer with its rate: less with each layer below the last (Howard &
    Ruder 2018), least for what is in no layer.
    """
    rate = options.encoder_rate * (10 if options.mode is Mode.LORA else 1)  # adapters start at zero
    layers: dict[int, list[Tensor]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            layers.setdefault(_layer(name), []).append(parameter)
    return [
        {"params": layers[n], "lr": (lr := rate * options.layer_decay ** (max(layers) - n)), "initial_lr": lr}
        for n in sorted(layers)
    ]


def _layer(name: str) -> int:
    """Which layer a parameter belongs to, from 0; -1 for what is in none: embeddings, a last norm."""
    numbers = [int(part) for part in name.split(".") if part.isdigit()]
    return numbers[0] if numbers else -1


def _with_adapters(model: Any, seed: int) -> Any:
    """Freeze ``model`` and add low-rank adapters in place to its attention (LoRA, Hu et al. 2021)."""
    from peft import LoraConfig, inject_adapter_in_model
    from transformers.pytorch_utils import Conv1D

    layers = _attention_layers(model)
    # GPT-2's Conv1D holds its weight as (in, out); a Linear holds (out, in).
    turned = any(isinstance(m, Conv1D) for n, m in model.named_modules() if n.rsplit(".", 1)[-1] in layers)
    config = LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, target_modules=layers, fan_in_fan_out=turned)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    with drawing(int(rng_from(seed, "adapters").integers(2**62)), model.device):
        return inject_adapter_in_model(config, model)


def _attention_layers(model: Any) -> list[str]:
    """The names of the layers that make queries and values, in whichever family of models.

    Raises InputError where none of the known names is there.
    """
    present = {name.rsplit(".", 1)[-1] for name, _ in model.named_modules()}
    layers = [name for name in _QUERIES_AND_VALUES if name in present]
    if not layers:
        raise InputError(
            f"The attention of a {model.config.model_type} model has no layer that lora knows.",
            "Fine-tune in the mode head or full, or choose another encoder.",
        )
    return layers
