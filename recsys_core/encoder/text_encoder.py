"""A language model that reads a text and answers with its vector."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recsys_core.encoder.hardware import autocast, choose_device
from recsys_core.encoder.pooling import Pooling, pool
from recsys_core.progress import Progress, Silent

if TYPE_CHECKING:
    import torch
    from torch import Tensor

TOKENS_PER_BATCH = 4096  # fits the processor's caches; larger batches were not faster
TOKENS_PER_BATCH_ON_GPU = 65_536  # enough work at once that launching it costs next to nothing; not measured


@dataclass(frozen=True, eq=False)
class TextEncoder:
    """A loaded encoder. ``fingerprint`` names weights, pooling, maximum length and prompt together.

    ``folder``: where model, tokenizer and pooling configuration were loaded from. ``prompt``: what is
    put before each text.
    """

    model: Any
    tokenizer: Any
    pooling: Pooling
    max_tokens: int
    fingerprint: str
    name: str
    folder: Path
    prompt: str = ""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled, it is only named: whoever unpickles it loads the weights from their own file."""
        from recsys_core.encoder.loading import load_same_encoder

        return load_same_encoder, (self.name, self.folder, self.fingerprint)

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.model.config.get_text_config().hidden_size)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """(N, dim) float32 vectors of length 1, in the order of ``texts``.

        Texts are sorted by length and batched with next to no padding, in bfloat16 where the
        hardware multiplies it. Texts beyond ``max_tokens`` are cut.
        """
        import torch

        progress = progress or Silent()
        tokens = self.tokenize(texts)
        vectors = np.zeros((len(texts), self.dim), np.float32)
        done = 0
        with torch.inference_mode(), autocast(self.model.device):
            for rows in length_sorted_batches([len(t) for t in tokens], tokens_per_batch(self.model.device)):
                progress.check_cancelled()
                vectors[rows] = self.forward([tokens[r] for r in rows]).float().cpu().numpy()
                done += len(rows)
                progress.advance(done, len(texts), "texts")
        return vectors

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text behind the prompt, special tokens included, cut at ``max_tokens``."""
        if not texts:
            return []
        prompted = [self.prompt + text for text in texts]
        encoded = self.tokenizer(prompted, truncation=True, max_length=self.max_tokens, padding=False)
        ids: list[list[int]] = encoded["input_ids"]
        return [row or [self._pad_id] for row in ids]

    def n_tokens(self, text: str) -> int:
        """How many tokens ``text`` has, those beyond ``max_tokens`` counted too."""
        return len(self.tokenizer(text, verbose=False)["input_ids"])

    def unknown_share(self, text: str) -> float:
        """Fraction in [0, 1] of the tokens of ``text`` that the encoder does not know, such as signs of a
        script it never saw; 0 for tokenizers that know every byte, and 1 for a text without any token.
        """
        unknown = getattr(self.tokenizer, "unk_token_id", None)
        ids = self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        if not ids:
            return 1.0
        return ids.count(unknown) / len(ids) if unknown is not None else 0.0

    def forward(self, tokens: Sequence[list[int]]) -> "Tensor":
        """(B, dim) unit vectors of tokenised texts, with gradients where they are switched on."""
        import torch

        ids, mask = self.padded(tokens)
        # A full mask is left out: without one the attention takes its fastest path. It is told from the
        # lengths, since asking the mask on a GPU would wait for all the work before.
        needed = None if len(set(map(len, tokens))) == 1 else mask
        states = self.model(input_ids=ids, attention_mask=needed).last_hidden_state  # (B, T, D)
        return torch.nn.functional.normalize(pool(states.float(), mask, self.pooling), dim=-1)

    def padded(self, tokens: Sequence[list[int]]) -> "tuple[Tensor, Tensor]":
        """Token ids (B, T), padded on the right, and their mask (B, T) of 1 for tokens."""
        import torch

        lengths = torch.tensor([len(row) for row in tokens])
        longest = int(lengths.max())
        ids = torch.tensor([row + [self._pad_id] * (longest - len(row)) for row in tokens])
        mask = (torch.arange(longest) < lengths[:, None]).long()
        return ids.to(self.model.device), mask.to(self.model.device)

    @property
    def _pad_id(self) -> int:
        pad = self.tokenizer.pad_token_id
        return int(pad if pad is not None else self.tokenizer.eos_token_id or 0)


def tokens_per_batch(device: "torch.device") -> int:
    """How many tokens go through an encoder on ``device`` at once."""
    return TOKENS_PER_BATCH_ON_GPU if device.type == "cuda" else TOKENS_PER_BATCH


def length_sorted_batches(
    lengths: Sequence[int], tokens: int = TOKENS_PER_BATCH
) -> Iterator[NDArray[np.int64]]:
    """Rows of texts of like length, about ``tokens`` tokens together at most, shortest first.

    A batch holds one length only where at least eight texts share it; rare lengths are padded to
    their neighbours, so that long catalogues do not fall apart into tiny batches.
    """
    order = np.argsort(lengths, kind="stable")
    sizes = np.asarray(lengths)[order]
    start = 0
    while start < len(order):
        most = max(1, tokens // max(1, int(sizes[start])))
        same = int(np.searchsorted(sizes, sizes[start], side="right"))
        stop = min(start + most, same if same - start >= 8 else start + max(8, same - start))
        yield order[start : min(stop, len(order))]
        start = stop


def to_device(model: Any, device: str) -> Any:
    """The model in evaluation mode on the device that ``device`` names."""
    return model.to(choose_device(device)).eval()
