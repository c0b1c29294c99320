"""The softmax over a domain's items, full or sampled."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, pad

from recsys_core.encoder.hardware import fast_dtype
from recsys_core.training.examples import Batch
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.nearness import log_density
from recsys_core.training.options import Part, TrainingOptions

DRAWN_TOGETHER = 128  # questions whose drawn candidates are scored at once
CHUNK = 2**20  # scores held at once, so that they stay in the processor's caches


@dataclass(frozen=True, eq=False)
class Candidates:
    """The items that answers compete with: those of each domain that have any event, ascending.

    ``place``: (I,) an item's position among its domain's candidates; 0 for items without events,
    which are no candidates: pushing them away from everyone would be learning from nothing.
    """

    items: tuple[Tensor, ...]
    place: Tensor

    @classmethod
    def of(cls, item_domain: Tensor, taken: Tensor, n_domains: int) -> "Candidates":
        """``item_domain`` (I,) int64; ``taken`` (I,) bool, whether an item has any event."""
        items = tuple(torch.nonzero((item_domain == d) & taken).squeeze(1) for d in range(n_domains))
        place = torch.zeros_like(item_domain)
        for rows in items:
            place[rows] = torch.arange(len(rows), device=place.device)
        return cls(items, place)


@dataclass(frozen=True, eq=False)
class Questions:
    """``asked`` (Q, D), after ``position`` items of sequence ``row``, both (Q,), rows ascending; ``answer``
    (Q,). ``other_row``, ``other``: aligned (N,), a question and what is no wrong answer to it.
    """

    asked: Tensor
    row: Tensor
    position: Tensor
    answer: Tensor
    other_row: Tensor
    other: Tensor

    def only(self, these: Tensor) -> "Questions":
        """Those for which ``these`` (Q,) bool."""
        mine = these[self.other_row]
        others = (these.cumsum(0) - 1)[self.other_row[mine]], self.other[mine]
        return Questions(
            self.asked[these], self.row[these], self.position[these], self.answer[these], *others
        )

    def from_to(self, start: int, stop: int) -> "Questions":
        """A part of them."""
        inside = (self.other_row >= start) & (self.other_row < stop)
        others, some = (self.other_row[inside] - start, self.other[inside]), slice(start, stop)
        return Questions(self.asked[some], self.row[some], self.position[some], self.answer[some], *others)


def batch_loss(model: InterestModel, text_vectors: Tensor, batch: Batch, candidates: Candidates) -> Tensor:
    """Mean cross-entropy of the batch's questions, each over the candidates of its answer's domain: asked
    by the interest alone; and, added to that where the user has read something of that domain, beside
    nearness over drawn candidates, because that costs more.

    ``text_vectors``: (I, text_dim). Whatever else a user took, before or after, is no wrong answer
    and is left out. Domains larger than ``full_softmax_items`` are sampled uniformly, with the
    correction ``logq`` · log(items / negatives) on the drawn negatives (sampled softmax, Bengio &
    Senécal 2003), the answer itself always in.
    """
    vectors = model.item_vectors(text_vectors)
    items, gaps, row, position, *rest = (torch.as_tensor(a, device=text_vectors.device) for a in batch.arrays)
    seen = vectors[items.clamp(min=0)]  # (B, T, D)
    states = model.states(seen, items, gaps, batch.cut)[row, position]  # (Q, D)
    every = Questions(states, row, position, *rest)
    domain = model.item_domain[every.answer]
    total = vectors.new_zeros(())
    # Of every domain, asked about or not, so that all shares of a batch draw the same.
    drawn = [_draw(rows, model.options) for rows in candidates.items]
    # Gathered once for all domains: on the way back, each time costs as much as there are items.
    gathered = torch.split(vectors[torch.cat(candidates.items)], [len(rows) for rows in candidates.items])
    for index, (rows, some, of_domain) in enumerate(zip(candidates.items, drawn, gathered, strict=True)):
        here = every.only(domain == index)
        if len(here.answer):
            place = {"answer": candidates.place[here.answer], "other": candidates.place[here.other]}
            alone = replace(here, asked=model.question(here.asked, index), **place)
            total = total + _softmax(alone, of_domain, model.prior[rows], some, model.options)
            if model.options.has(Part.NEAR):
                beside = replace(alone, asked=model.question_beside(here.asked, index))
                read = seen, (items >= 0) & (model.item_domain[items] == index)
                total = total + _near_softmax(model, beside, read, of_domain, model.prior[rows], some)
    return total / len(every.answer)


def _draw(candidates: Tensor, options: TrainingOptions) -> Tensor:
    """(N,) places among a domain's ``candidates``, drawn uniformly, ascending and each once."""
    if not len(candidates):
        return candidates
    drawn = torch.randint(len(candidates), (options.negatives,), device=candidates.device)
    return cast(Tensor, torch.unique(drawn))


def _softmax(
    questions: Questions, vectors: Tensor, prior: Tensor, drawn: Tensor, options: TrainingOptions
) -> Tensor:
    """Summed cross-entropy over candidates of ``vectors`` (T, D) and ``prior`` (T,), or the ``drawn``."""
    if len(vectors) <= options.full_softmax_items:
        about = (questions.asked, questions.answer, questions.other_row, questions.other)
        loss: Tensor = FullSoftmax.apply(vectors, prior, *about)  # type: ignore[no-untyped-call]
        return loss
    pool = Pool.of(questions, vectors, prior, drawn, options)
    return _drawn_softmax(questions, pool, lambda some, columns: some.asked @ columns.T)


def _near_softmax(
    model: InterestModel,
    questions: Questions,
    read: tuple[Tensor, Tensor],
    vectors: Tensor,
    prior: Tensor,
    drawn: Tensor,
) -> Tensor:
    """Summed cross-entropy over ``drawn`` candidates by the score beside nearness, of the ``questions`` of
    those who have read something that counts; ``read``: what was read and which of it counts, see
    ``log_density``.
    """
    known = pad(read[1].cumsum(1), (1, 0))[questions.row, questions.position] > 0

    def score(some: Questions, columns: Tensor) -> Tensor:
        users, row = torch.unique(some.row, return_inverse=True)  # most have no question here
        vectors_read, counts = (part[users] for part in read)
        near = log_density(vectors_read, counts, model.kappa, row, some.position, columns)
        return some.asked @ columns.T + model.near * near

    questions = questions.only(known)
    return _drawn_softmax(questions, Pool.of(questions, vectors, prior, drawn, model.options), score)


def _drawn_softmax(
    questions: Questions, pool: "Pool", score: Callable[[Questions, Tensor], Tensor]
) -> Tensor:
    """Summed cross-entropy over drawn candidates; ``score``: of some questions and columns of the pool."""
    total = pool.vectors.new_zeros(())
    for start in range(0, len(questions.asked), DRAWN_TOGETHER):
        some = questions.from_to(start, start + DRAWN_TOGETHER)
        scores = score(some, pool.columns(start, start + DRAWN_TOGETHER))
        total = total + pool.cross_entropy(some, start, scores)
    return total


@dataclass(frozen=True, eq=False)
class Pool:
    """Drawn candidates N and the answers to Q questions: ``vectors`` (N + Q, D) and ``prior`` (N + Q,).

    ``place`` (T,): of each candidate the column it was drawn into, -1 where it was not. ``n_drawn``: N.
    ``correction``: of the scores of drawn ones.
    """

    vectors: Tensor
    prior: Tensor
    place: Tensor
    n_drawn: int
    correction: float

    @classmethod
    def of(
        cls, questions: Questions, vectors: Tensor, prior: Tensor, drawn: Tensor, options: TrainingOptions
    ) -> "Pool":
        """Of the candidates those at ``drawn`` (N,)."""
        place = torch.full((len(vectors),), -1, device=vectors.device)
        place[drawn] = torch.arange(len(drawn), device=vectors.device)
        rows = torch.cat([drawn, questions.answer])
        correction = options.logq * math.log(len(vectors) / len(drawn))
        return cls(vectors[rows], prior[rows], place, len(drawn), correction)

    def columns(self, start: int, stop: int) -> Tensor:
        """(N + C, D) the drawn candidates and the answers to the questions from ``start`` to ``stop``."""
        return torch.cat([self.vectors[: self.n_drawn], self.vectors[self.n_drawn :][start:stop]])

    def cross_entropy(self, questions: Questions, start: int, scores: Tensor) -> Tensor:
        """Summed, of questions from ``start`` on; ``scores`` (C, N + C) of ``columns`` lack the prior."""
        n, each = self.n_drawn, torch.arange(len(scores), device=scores.device)
        own = self.prior[n:][start : start + len(scores)]
        positive = scores[:, n:].diagonal().float() + own
        negative = scores[:, :n].float() + (self.prior[:n] + self.correction)
        row = torch.cat([questions.other_row, each])
        at = self.place[torch.cat([questions.other, questions.answer])]
        negative = negative.index_put((row[at >= 0], at[at >= 0]), negative.new_tensor(-torch.inf))
        logits = torch.cat([positive[:, None], negative], dim=1)
        return cross_entropy(logits, torch.zeros_like(each), reduction="sum")


class FullSoftmax(torch.autograd.Function):
    """Cross-entropy over all candidates whose scores are never held all at once.

    The gradient is made chunk by chunk together with the loss, as in fused linear cross-entropy (Hsu
    et al. 2024, Liger Kernel), so that memory doesn't grow with questions × candidates, and on a
    processor the scores stay in its caches.
    """

    @staticmethod
    def forward(
        ctx: Any,
        vectors: Tensor,
        prior: Tensor,
        asked: Tensor,
        answer: Tensor,
        other_row: Tensor,
        other: Tensor,
    ) -> Tensor:
        """Summed cross-entropy; ``vectors`` (T, D), ``prior`` (T,), the rest as in ``Questions``."""
        dtype = fast_dtype(vectors.device)
        fast, of_vectors, of_asked = vectors.to(dtype), torch.zeros_like(vectors), torch.empty_like(asked)
        of_prior, total = torch.zeros_like(prior), vectors.new_zeros(())
        size = max(1, CHUNK // len(vectors))
        for start in range(0, len(asked), size):
            some = slice(start, start + size)
            question, right = asked[some].to(dtype), answer[some, None]
            scores = torch.mm(question, fast.T).float().add_(prior)  # (C, T)
            inside = (other_row >= start) & (other_row < start + size)
            scores[other_row[inside] - start, other[inside]] = -torch.inf
            norm = torch.logsumexp(scores, 1, keepdim=True)
            total += (norm - scores.gather(1, right)).sum()
            error = scores.sub_(norm).exp_()
            error.scatter_add_(1, right, -torch.ones_like(norm))  # the gradient of the scores
            of_prior += error.sum(0)
            error = error.to(dtype)
            of_asked[some] = torch.mm(error, fast)
            of_vectors += torch.mm(error.T, question)
        ctx.save_for_backward(of_vectors, of_prior, of_asked)
        return total

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        """The gradients kept, times that of the loss."""
        of_vectors, of_prior, of_asked = ctx.saved_tensors
        return gradient * of_vectors, gradient * of_prior, gradient * of_asked, None, None, None
