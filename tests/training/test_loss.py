from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from recsys_core.errors import InputError
from recsys_core.training import loss as losses
from recsys_core.training.examples import epoch_batches
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.loss import Candidates, FullSoftmax, batch_loss
from recsys_core.training.options import Part, TrainingOptions
from tests.training.logs import themed_dataset

SMALL = TrainingOptions(batch_users=16, dim=16, layers=1, heads=2, longest=10, dropout=0.0, id_dropout=0.0)


def test_the_full_softmax_is_the_plain_one_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(losses, "fast_dtype", lambda _: torch.float32)
    monkeypatch.setattr(losses, "CHUNK", 7 * 30)
    torch.manual_seed(0)
    vectors, prior, asked = torch.randn(30, 8), torch.randn(30), torch.randn(50, 8)
    answer, row, other = torch.randint(30, (50,)), torch.arange(50).repeat(3), torch.randint(30, (150,))
    row, other = row[other != answer[row]], other[other != answer[row]]
    learned = [t.requires_grad_() for t in (vectors, prior, asked)]
    plain = (asked @ vectors.T + prior).index_put((row, other), torch.tensor(-torch.inf))
    expected = cross_entropy(plain, answer, reduction="sum")
    found = FullSoftmax.apply(vectors, prior, asked, answer, row, other)
    torch.testing.assert_close(found, expected)
    for ours, theirs in zip(
        torch.autograd.grad(3 * found, learned), torch.autograd.grad(3 * expected, learned), strict=True
    ):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_many_drawn_negatives_come_to_the_full_softmax() -> None:
    model, batch, candidates, text = _ready(SMALL)
    full = batch_loss(model, text, batch, candidates)
    model.options = replace(SMALL, full_softmax_items=5, negatives=4000)
    sampled = batch_loss(model, text, batch, candidates)
    torch.testing.assert_close(sampled, full, atol=0.01, rtol=0.01)  # all items of a domain are drawn


def test_the_correction_for_drawing_has_a_strength() -> None:
    model, batch, candidates, text = _ready(replace(SMALL, full_softmax_items=5, negatives=4))
    found = []
    for strength in (0.0, 1.0):
        model.options = replace(model.options, logq=strength)
        torch.manual_seed(0)
        found.append(batch_loss(model, text, batch, candidates).item())
    assert found[0] < found[1]  # drawn negatives stand for those that were not


def test_what_else_a_user_took_is_no_wrong_answer() -> None:
    model, batch, candidates, text = _ready(SMALL)
    assert len(batch.other_item)
    for question, item in zip(batch.other_row, batch.other_item, strict=True):
        assert item != batch.item[question]
        assert model.item_domain[item] == model.item_domain[batch.item[question]]
    first = _only(batch, 0)
    (gradient,) = torch.autograd.grad(batch_loss(model, text, first, candidates), model.prior)
    assert bool((gradient[first.other_item] == 0).all())
    assert int((gradient != 0).sum()) > 1


def test_an_item_nobody_took_is_not_pushed_away() -> None:
    model, batch, _, text = _ready(SMALL)
    taken = torch.ones(len(text), dtype=torch.bool)
    taken[int(batch.other_item[0])] = False
    candidates = Candidates.of(model.item_domain, taken, 2)
    assert sum(map(len, candidates.items)) == len(text) - 1
    assert all(bool(taken[rows].all()) for rows in candidates.items)


def test_nearness_learns_only_from_who_has_read_something_of_the_domain() -> None:
    model, batch, candidates, text = _ready(SMALL)
    found = set()
    for question, item in enumerate(batch.item):
        loss = batch_loss(model, text, _only(batch, question), candidates)
        (gradient,) = torch.autograd.grad(loss, model.log_kappa, allow_unused=True)
        read = batch.items[batch.row[question], : batch.position[question]]
        knows = bool((model.item_domain[read] == model.item_domain[item]).any())
        assert (gradient is not None) == knows
        found.add(knows)
    assert found == {True, False}


IN_THE_MODEL = (Part.TEXT, Part.IDS, Part.GAPS, Part.DOMAINS, Part.MEAN, Part.NEAR, Part.MASKING)


@pytest.mark.parametrize("part", IN_THE_MODEL)
def test_each_part_can_be_left_out(part: Part) -> None:
    whole, batch, candidates, text = _ready(SMALL)
    without, other_batch, _, _ = _ready(replace(SMALL, without=(part,)))
    with torch.no_grad():
        for model in (whole, without):
            model.load_state_dict(whole.state_dict())
            model.residual.normal_(std=0.1, generator=torch.Generator().manual_seed(0))
            model.prior.normal_(generator=torch.Generator().manual_seed(1))
    assert batch_loss(whole, text, batch, candidates).item() != pytest.approx(
        batch_loss(without, text, other_batch, candidates).item(), abs=1e-4
    )


def test_a_model_needs_text_or_ids() -> None:
    with pytest.raises(InputError, match="no items"):
        TrainingOptions(without=(Part.TEXT, Part.IDS))


def _only(batch, question):  # type: ignore[no-untyped-def]
    """The batch with one of its questions only."""
    mine = batch.other_row == question
    picked = slice(question, question + 1)
    return replace(
        batch,
        row=batch.row[picked],
        position=batch.position[picked],
        item=batch.item[picked],
        other_row=np.zeros(mine.sum(), np.int64),
        other_item=batch.other_item[mine],
    )


def _ready(options: TrainingOptions):  # type: ignore[no-untyped-def]
    dataset, vectors = themed_dataset(n_users=12)
    torch.manual_seed(0)
    domains = torch.as_tensor(dataset.item_domain.copy())
    model = InterestModel(vectors.shape[1], domains, 2, options).eval()
    batch = next(epoch_batches(dataset, options, np.random.default_rng(0)))
    candidates = Candidates.of(domains, torch.ones(len(domains), dtype=torch.bool), 2)
    return model, batch, candidates, torch.as_tensor(vectors)
