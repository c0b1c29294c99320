"""Item-gradient caching: the text encoder learns once per item, not once per event.

The table of text vectors is held still while many user steps run against it and their gradient
with respect to the table is summed; then each item's text goes through the encoder once, and the
summed gradient is pushed through it (after GradCache, Gao et al. 2021; for items, beeFormer,
Vančura et al. 2024). The cost of an epoch grows with items, not with interactions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from recsys_core.encoder.hardware import autocast
from recsys_core.encoder.text_encoder import TextEncoder, length_sorted_batches
from recsys_core.errors import InputError
from recsys_core.progress import Progress
from recsys_core.randomness import rng_from
from recsys_core.training.options import Mode, TrainingOptions

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

    def push(self, gradient: Tensor, progress: Progress) -> None:
        """Push the gradient (I, text_dim) of the loss with respect to the table into the encoder."""
        rows = np.array([r for r, token in enumerate(self.tokens) if token])
        gathered = 0
        self.encoder.model.train()
        for picked in length_sorted_batches([len(self.tokens[r]) for r in rows]):
            progress.check_cancelled()
            batch = rows[picked]
            with autocast(self.encoder.model.device):
                vectors = self.encoder.forward([self.tokens[r] for r in batch])
            torch.autograd.backward(vectors, gradient[batch].to(vectors.device))
            gathered += sum(len(self.tokens[r]) for r in batch)
            if gathered >= STEP_TOKENS:
                gathered = self._step()
        self._step()
        self.encoder.model.eval()

    def table(self, progress: Progress) -> Tensor:
        """(I, text_dim) text vectors as the encoder gives them now."""
        device = self.encoder.model.device
        vectors = torch.zeros(len(self.tokens), self.encoder.dim, device=device)
        rows = np.array([r for r, token in enumerate(self.tokens) if token], np.int64)
        with torch.no_grad(), autocast(self.encoder.model.device):
            for picked in length_sorted_batches([len(self.tokens[r]) for r in rows]):
                progress.check_cancelled()
                batch = rows[picked]
                vectors[batch] = self.encoder.forward([self.tokens[r] for r in batch]).float()
        return vectors

    def _step(self) -> int:
        torch.nn.utils.clip_grad_norm_(self._learning, self.clip)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        return 0

    @property
    def _learning(self) -> list[Tensor]:
        return [p for group in self.optimiser.param_groups for p in group["params"]]


def encoder_trainer(
    encoder: TextEncoder, texts: Sequence[str], options: TrainingOptions, seed: int = 0
) -> EncoderTrainer:
    """Make the encoder ready to learn in the mode of ``options`` (lora or full).

    ``seed``: of the adapters' first weights.
    """
    model = encoder.model
    if options.mode is Mode.LORA:
        with torch.random.fork_rng():
            torch.manual_seed(int(rng_from(seed, "adapters").integers(2**62)))
            model = _with_adapters(model)
    learning = [p for p in model.parameters() if p.requires_grad]
    rate = options.encoder_rate * (10 if options.mode is Mode.LORA else 1)  # adapters start at zero
    optimiser = torch.optim.AdamW(learning, lr=rate, weight_decay=options.weight_decay)
    tokens = [ids if text else [] for text, ids in zip(texts, encoder.tokenize(texts), strict=True)]
    return EncoderTrainer(encoder, optimiser, tokens, options.clip)


def _with_adapters(model: Any) -> Any:
    """Freeze ``model`` and add low-rank adapters in place to its attention (LoRA, Hu et al. 2021)."""
    from peft import LoraConfig, inject_adapter_in_model
    from transformers.pytorch_utils import Conv1D

    layers = _attention_layers(model)
    # GPT-2's Conv1D holds its weight as (in, out); a Linear holds (out, in).
    turned = any(isinstance(m, Conv1D) for n, m in model.named_modules() if n.rsplit(".", 1)[-1] in layers)
    config = LoraConfig(r=16, lora_alpha=32, lora_dropout=0.0, target_modules=layers, fan_in_fan_out=turned)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
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
