"""A tower for people and a tower for items, learned by binary cross-entropy."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import csr_array
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, embedding_bag

from recsys_core.encoder.hardware import drawing

Floats = NDArray[np.float32]
BATCH = 256
DRAWN = 20_000  # items that a batch is asked about, at most, beside the right ones
HIDDEN = 256
RATE = 2e-3
DROPOUT = 0.2
ON_CPU = torch.device("cpu")


@dataclass(frozen=True, eq=False)
class Taken:
    """Of N people: ``held`` (N, I) what each had before, rows of length 1; ``text`` (N, text_dim) its mean
    text; ``taken`` (N, T) 0/1 what they then took. ``item_text``: (T, text_dim).
    """

    held: csr_array
    text: Floats
    taken: csr_array
    item_text: Floats


class TwoTowers(nn.Module):
    """``user``: what was held, by id and by text, through one hidden layer; ``item``: an id vector plus the
    projected text; ``odds`` (T,) of each item, by themselves. Vectors have length ``dim``.
    """

    item_text: Tensor

    def __init__(self, known: Taken, dim: int) -> None:
        super().__init__()
        text_dim, n_items = known.item_text.shape[1], len(known.item_text)
        self.held = nn.Parameter(0.02 * torch.randn(known.held.shape[1], HIDDEN))
        self.read = nn.Linear(text_dim, HIDDEN)
        self.tell = nn.Linear(HIDDEN, dim)
        self.dropout = nn.Dropout(DROPOUT)
        self.ids = nn.Parameter(0.02 * torch.randn(n_items, dim))
        self.project = nn.Linear(text_dim, dim)
        share = known.taken.sum(0) / max(known.taken.shape[0], 1)
        first = torch.as_tensor(np.clip(share, 0.5 / max(known.taken.shape[0], 1), 0.99), dtype=torch.float32)
        self.odds = nn.Parameter(torch.logit(first))
        self.register_buffer("item_text", torch.from_numpy(known.item_text))

    def user(self, held: csr_array, text: Floats) -> Tensor:
        """(B, dim) from ``held`` (B, I) and ``text`` (B, text_dim)."""
        items, starts = (torch.from_numpy(part.astype(np.int64)) for part in (held.indices, held.indptr[:-1]))
        counts = torch.from_numpy(held.data)
        read = embedding_bag(items, self.held, starts, mode="sum", per_sample_weights=counts)
        told: Tensor = self.tell(self.dropout(torch.relu(read + self.read(torch.from_numpy(text)))))
        return told

    def item(self, rows: Tensor) -> Tensor:
        """(C, dim) of the items at positions ``rows`` (C,)."""
        vectors: Tensor = self.ids[rows] + self.project(self.item_text[rows])
        return vectors


def learn_towers(known: Taken, dim: int, epochs: int, rng: np.random.Generator) -> TwoTowers:
    """The towers after so many passes over the people, by Adam: log odds u · v + b of an item taken, against
    all items that were not, or ``DRAWN`` of them.
    """
    with drawing(int(rng.integers(2**62)), ON_CPU):
        towers = TwoTowers(known, dim)
        optimiser = torch.optim.Adam(towers.parameters(), lr=RATE)
        for _ in range(epochs):
            for people in _batches(known.taken.shape[0], rng):
                optimiser.zero_grad(set_to_none=True)
                torch.autograd.backward(_loss(towers, known, people, rng))
                optimiser.step()
    return towers.eval()


def _batches(n_people: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    order = rng.permutation(n_people)
    for at in range(0, n_people, BATCH):
        yield order[at : at + BATCH]


def _loss(towers: TwoTowers, known: Taken, people: NDArray[np.int64], rng: np.random.Generator) -> Tensor:
    """Summed over items, the mean over the people."""
    taken, columns = known.taken[people], np.arange(known.taken.shape[1])
    if len(columns) > DRAWN:
        columns = np.union1d(rng.choice(len(columns), DRAWN, replace=False), np.unique(taken.indices))
    user = towers.user(known.held[people], known.text[people])
    rows = torch.from_numpy(columns)
    odds = user @ towers.item(rows).T + towers.odds[rows]
    right = torch.from_numpy(taken[:, columns].toarray())
    return binary_cross_entropy_with_logits(odds, right, reduction="sum") / max(len(people), 1)
