"""The InterestModel: an item tower that reads text, a user tower whose state is the interest.

The user tower is a causal transformer in the manner of SASRec (Kang & McAuley 2018), or for comparison a
recurrent network, with time-gap and domain embeddings beside the item's vector, and the mean of the items
read so far beside its output. Item vectors are a projection of the text vector plus an id residual that is
dropped at random in training (DropoutNet, Volkovs et al. 2017), so an item nobody has touched yet is placed
by its text. Interests and items are compared by cosine, at a learned temperature; beside it counts how near
an item is to each item of the history (``nearness.py``). Popularity enters as an additive prior per item,
so that the vectors need not carry it.
"""

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, pad

from recsys_core.training.chance import WHOLE, Cut, Dropout
from recsys_core.training.examples import GAP_BUCKETS
from recsys_core.training.options import Part, Tower, TrainingOptions

FIRST_SCALE = 12.0  # of the cosines, before it is learned
FIRST_KAPPA = 10.0  # of the nearness, likewise
TINY = 1e-24  # a squared length


class InterestModel(nn.Module):
    """``text_dim`` → ``options.dim``; knows ``n_items`` items of ``n_domains`` domains.

    Buffers: ``item_domain`` (I,) int64.
    """

    item_domain: Tensor

    def __init__(self, text_dim: int, item_domain: Tensor, n_domains: int, options: TrainingOptions) -> None:
        super().__init__()
        dim = options.dim
        self.options = options
        self.register_buffer("item_domain", item_domain, persistent=False)
        self.project = nn.Linear(text_dim, dim)
        self.residual = nn.Parameter(torch.zeros(len(item_domain), dim))
        self.prior = nn.Parameter(torch.zeros(len(item_domain)))
        self.log_scale = nn.Parameter(torch.tensor(FIRST_SCALE).log())
        self.mean = nn.Parameter(torch.ones(()))
        self.log_kappa = nn.Parameter(torch.tensor(FIRST_KAPPA).log())
        self.log_beside_scale = nn.Parameter(torch.tensor(FIRST_SCALE).log())
        self.near = nn.Parameter(torch.ones(()))  # the weight of the log density
        self.start = nn.Parameter(torch.randn(dim) * 0.02)
        self.place = nn.Embedding(options.longest + 1, dim)
        self.gap = nn.Embedding(GAP_BUCKETS, dim)
        self.domain = nn.Embedding(n_domains, dim)
        self.asked = nn.Embedding(n_domains, dim)
        self.blocks = nn.ModuleList(_block(options) for _ in range(options.layers))
        self.norm = nn.LayerNorm(dim)
        self.out = nn.Linear(dim, dim)
        self.beside = nn.Linear(dim, dim)
        self.dropout = Dropout(options.dropout)
        for table in (self.place, self.gap, self.domain, self.asked):
            nn.init.normal_(table.weight, std=0.02)
        if not options.has(Part.TEXT):
            nn.init.normal_(self.residual, std=0.02)

    @torch.no_grad()
    def begin_from(self, text_vectors: Tensor) -> None:
        """Begin as the text itself: items at the principal directions of ``text_vectors`` (I, text_dim), a
        user at the mean of their items. What is learned, is learned from there.
        """
        _, directions = torch.linalg.eigh(text_vectors.double().T @ text_vectors.double())  # ascending
        first = directions.flip(1)[:, : self.options.dim].T.to(self.project.weight.dtype)
        self.project.weight.zero_()
        self.project.weight[: len(first)] = first
        for weight in (self.project.bias, self.out.weight, self.out.bias, self.asked.weight):
            weight.zero_()
        nn.init.eye_(self.beside.weight)
        self.beside.bias.zero_()

    def item_vectors(self, text_vectors: Tensor) -> Tensor:
        """(I, D) of length 1 from text vectors (I, text_dim); ids are dropped at random while training."""
        if not self.options.has(Part.TEXT):
            return unit(self.residual)
        projected: Tensor = self.project(text_vectors)
        if not self.options.has(Part.IDS):
            return unit(projected)
        residual: Tensor = self.residual
        if self.training and self.options.id_dropout:
            keep = torch.rand(len(residual), 1, device=residual.device) >= self.options.id_dropout
            residual = residual * keep
        return unit(projected + residual)

    def states(self, seen: Tensor, items: Tensor, gaps: Tensor, cut: Cut = WHOLE) -> Tensor:
        """Interest states (B, T + 1, D): entry t is the state after t events.

        ``seen`` (B, T, D): the vectors of ``items``; these and ``gaps`` (B, T), -1 where padded on the right.
        ``cut``: which rows of a batch they are, where it is cut into shares.
        """
        begin = self.start.expand(len(items), 1, -1)
        x = torch.cat([begin, self._read(seen, items.clamp(min=0), gaps)], dim=1)  # (B, T + 1, D)
        if self.options.tower is Tower.TRANSFORMER:  # a recurrent network knows the order by itself
            x = x + self.place.weight[: x.shape[1]]
        x = self.dropout(x, cut)
        for block in self.blocks:
            x = block(x, cut)
        state: Tensor = self.out(self.norm(x))
        if self.options.has(Part.MEAN):
            mean = normalize(seen.cumsum(1), dim=-1)  # its direction
            state = state + self.mean * pad(mean, (0, 0, 1, 0))
        return state

    def question(self, states: Tensor, domain: Tensor | int) -> Tensor:
        """(Q, D) what a state alone asks of a domain's items: by it, score = question · item + prior."""
        rows = torch.as_tensor(domain, device=states.device)
        asked: Tensor = self.asked(rows)
        return normalize((states + asked).float(), dim=-1) * self.log_scale.exp()

    def question_beside(self, states: Tensor, domain: Tensor | int) -> Tensor:
        """(Q, D) what is asked beside nearness; score = that · item vector + near · log density + prior.

        Apart from ``question``, so that the interest itself doesn't become what nearness leaves over.
        """
        rows = torch.as_tensor(domain, device=states.device)
        asked: Tensor = self.beside(states + self.asked(rows))
        return normalize(asked.float(), dim=-1) * self.log_beside_scale.exp()

    @property
    def kappa(self) -> Tensor:
        """How narrow the kernel of nearness is."""
        return self.log_kappa.exp()

    def _read(self, seen: Tensor, rows: Tensor, gaps: Tensor) -> Tensor:
        read = seen
        if self.options.has(Part.DOMAINS):
            read = read + self.domain(self.item_domain[rows])
        if self.options.has(Part.GAPS):
            read = read + self.gap(gaps)
        return read


def unit(vectors: Tensor) -> Tensor:
    """The same at length 1; zero stays zero. Where there are many, it has half the steps back that
    ``normalize`` has, and less memory.
    """
    return vectors * vectors.square().sum(-1, keepdim=True).clamp(min=TINY).rsqrt()


def _block(options: TrainingOptions) -> nn.Module:
    if options.tower is Tower.GRU:
        return Recurrent(options.dim, options.dropout)
    return Block(options.dim, options.heads, options.dropout)


class Recurrent(nn.Module):
    """One layer of gated recurrent units (Cho et al. 2014)."""

    def __init__(self, dim: int, dropout: float) -> None:
        super().__init__()
        self.units = nn.GRU(dim, dim, batch_first=True)
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, cut: Cut = WHOLE) -> Tensor:
        """(B, T, D) → (B, T, D); position t sees positions up to t only."""
        with torch.autocast(x.device.type, enabled=False):  # its steps would not gain from bfloat16
            heard: Tensor = self.units(x.float())[0]
        return cast(Tensor, self.dropout(heard, cut))


class Block(nn.Module):
    """One pre-norm causal transformer layer."""

    def __init__(self, dim: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention, self.norm_mix = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.qkv, self.merge = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.mix = nn.Sequential(nn.Linear(dim, 4 * dim), nn.GELU(), nn.Linear(4 * dim, dim))
        self.dropout = Dropout(dropout)

    def forward(self, x: Tensor, cut: Cut = WHOLE) -> Tensor:
        """(B, T, D) → (B, T, D); position t sees positions up to t only."""
        heard: Tensor = x + self.dropout(self._attend(self.norm_attention(x)), cut)
        mixed: Tensor = heard + self.dropout(self.mix(self.norm_mix(heard)), cut)
        return mixed

    def _attend(self, x: Tensor) -> Tensor:
        batch, time, dim = x.shape
        mixed: Tensor = self.qkv(x)
        if mixed.device.type == "cpu":
            mixed = mixed.float()  # the processor's attention is five times slower in bfloat16
        # Shape of each: (B, heads, T, D / heads)
        query, key, value = mixed.view(batch, time, 3, self.heads, -1).transpose(1, 3).unbind(2)
        heard = nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        merged: Tensor = self.merge(heard.transpose(1, 2).reshape(batch, time, dim))
        return merged
