"""The softmax over a domain's items, full or sampled."""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from recsys_core.training.examples import Batch
from recsys_core.training.interest_model import InterestModel


def batch_loss(model: InterestModel, vectors: Tensor, batch: Batch, domain_items: list[Tensor]) -> Tensor:
    """Mean cross-entropy of the batch's questions, each over the items of its answer's domain.

    ``vectors``: (I, D). ``domain_items``: the item rows of each domain, ascending. Domains larger
    than ``full_softmax_items`` are sampled uniformly, with the correction log(items / negatives)
    on the drawn negatives (sampled softmax, Bengio & Senécal 2003), the answer itself always in.
    """
    device = vectors.device
    items, gaps = (torch.as_tensor(a, device=device) for a in (batch.items, batch.gaps))
    row, position, item = (torch.as_tensor(a, device=device) for a in (batch.row, batch.position, batch.item))
    asked = model.states(vectors, items, gaps)[row, position]  # (Q, D)
    domain = model.item_domain[item]
    total = vectors.new_zeros(())
    for index, candidates in enumerate(domain_items):
        here = domain == index
        if here.any():
            questions = model.question(asked[here], index)
            total = total + _cross_entropy(model, vectors, questions, item[here], candidates)
    return total / len(item)


def _cross_entropy(
    model: InterestModel, vectors: Tensor, questions: Tensor, answers: Tensor, candidates: Tensor
) -> Tensor:
    if len(candidates) <= model.options.full_softmax_items:
        logits = questions @ vectors[candidates].T + model.prior[candidates]  # (Q, T)
        return cross_entropy(logits, torch.searchsorted(candidates, answers), reduction="sum")
    drawn = candidates[torch.randint(len(candidates), (model.options.negatives,), device=candidates.device)]
    correction = torch.log(torch.tensor(len(candidates) / len(drawn)))
    negative = questions @ vectors[drawn].T + model.prior[drawn] + correction  # (Q, N)
    negative = negative.masked_fill(drawn == answers[:, None], float("-inf"))
    positive = (questions * vectors[answers]).sum(-1) + model.prior[answers]
    logits = torch.cat([positive[:, None], negative], dim=1)
    return cross_entropy(logits, torch.zeros_like(answers), reduction="sum")
