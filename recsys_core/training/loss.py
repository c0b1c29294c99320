"""The softmax over a domain's items, full or sampled."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from recsys_core.encoder.hardware import fast_dtype
from recsys_core.training.examples import Batch
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.options import TrainingOptions

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
    """``asked`` (Q, D); ``answer`` (Q,) its candidate. ``other_row``, ``other``: aligned (N,), a question
    and a candidate that is no wrong answer to it.
    """

    asked: Tensor
    answer: Tensor
    other_row: Tensor
    other: Tensor


def batch_loss(model: InterestModel, text_vectors: Tensor, batch: Batch, candidates: Candidates) -> Tensor:
    """Mean cross-entropy of the batch's questions, each over the candidates of its answer's domain.

    ``text_vectors``: (I, text_dim). Whatever else a user took, before or after, is no wrong answer
    and is left out. Domains larger than ``full_softmax_items`` are sampled uniformly, with the
    correction ``logq`` · log(items / negatives) on the drawn negatives (sampled softmax, Bengio &
    Senécal 2003), the answer itself always in.
    """
    device = text_vectors.device
    vectors = model.item_vectors(text_vectors)
    items, gaps = (torch.as_tensor(a, device=device) for a in (batch.items, batch.gaps))
    row, position, answer = (
        torch.as_tensor(a, device=device) for a in (batch.row, batch.position, batch.item)
    )
    other_row, other_item = (torch.as_tensor(a, device=device) for a in (batch.other_row, batch.other_item))
    asked = model.states(vectors, items, gaps)[row, position]  # (Q, D)
    domain = model.item_domain[answer]
    total = vectors.new_zeros(())
    for index, rows in enumerate(candidates.items):
        here = domain == index
        if here.any():
            number = here.cumsum(0) - 1
            mine = here[other_row]
            question = Questions(
                model.question(asked[here], index),
                candidates.place[answer[here]],
                number[other_row[mine]],
                candidates.place[other_item[mine]],
            )
            total = total + _softmax(question, vectors[rows], model.prior[rows], model.options)
    return total / len(answer)


def _softmax(questions: Questions, vectors: Tensor, prior: Tensor, options: TrainingOptions) -> Tensor:
    """Summed cross-entropy over candidates of ``vectors`` (T, D) and ``prior`` (T,)."""
    if len(vectors) <= options.full_softmax_items:
        loss: Tensor = FullSoftmax.apply(vectors, prior, *vars(questions).values())  # type: ignore[no-untyped-call]
        return loss
    drawn = torch.unique(torch.randint(len(vectors), (options.negatives,), device=vectors.device))
    correction = options.logq * math.log(len(vectors) / len(drawn))
    negative = questions.asked @ vectors[drawn].T + prior[drawn] + correction  # (Q, N)
    place = torch.full((len(vectors),), -1, device=vectors.device)
    place[drawn] = torch.arange(len(drawn), device=vectors.device)
    each = torch.arange(len(questions.asked), device=vectors.device)
    row, at = torch.cat([questions.other_row, each]), place[torch.cat([questions.other, questions.answer])]
    negative = negative.index_put((row[at >= 0], at[at >= 0]), negative.new_tensor(-torch.inf))
    positive = (questions.asked * vectors[questions.answer]).sum(-1) + prior[questions.answer]
    logits = torch.cat([positive[:, None], negative], dim=1)
    return cross_entropy(logits.float(), torch.zeros_like(questions.answer), reduction="sum")


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
