import numpy as np
import pytest
import torch

from recsys_core.encoder.hardware import drawing
from recsys_core.training.batch_parts import batch_parts, nth_part
from recsys_core.training.chance import Cut, Dropout
from recsys_core.training.examples import epoch_batches
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.loss import Candidates, batch_loss
from recsys_core.training.options import Tower, TrainingOptions
from tests.training.logs import themed_dataset

CPU = torch.device("cpu")


def test_a_share_drops_what_the_whole_batch_drops_of_its_rows() -> None:
    dropout, x = Dropout(0.25), torch.ones(40, 5, 8)
    with drawing(3, CPU):
        whole = dropout(x)
    with drawing(3, CPU):
        share = dropout(x[7:19], Cut(7, 40))
    assert torch.equal(share, whole[7:19])
    assert whole.unique().tolist() == pytest.approx([0, 4 / 3])
    assert whole.mean().item() == pytest.approx(1, abs=0.1)
    assert torch.equal(dropout.eval()(x), x)


def test_a_share_of_a_share_knows_its_place_in_the_whole() -> None:
    dataset, _ = themed_dataset(n_users=20)
    batch = next(epoch_batches(dataset, TrainingOptions(batch_users=20), np.random.default_rng(0)))
    second = nth_part(batch, 2, 1)
    assert second is not None
    assert second[0].cut == Cut(10, 20)
    assert [part.cut for part, _ in batch_parts(second[0], 2)] == [Cut(10, 20), Cut(15, 20)]


@pytest.mark.parametrize("tower", Tower)
def test_shares_have_the_loss_and_the_gradients_of_the_whole_whatever_is_drawn(
    tower: Tower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_PRECISION", "float32")
    options = TrainingOptions(
        tower=tower, batch_users=16, dim=16, layers=2, heads=2, longest=10, negatives=3, full_softmax_items=5
    )
    dataset, text = themed_dataset(n_users=16)
    batch = next(epoch_batches(dataset, options, np.random.default_rng(0)))
    domains = torch.tensor(dataset.item_domain)
    model = InterestModel(8, domains, 2, options)
    candidates = Candidates.of(domains, torch.ones(len(domains), dtype=torch.bool), 2)

    def learned(n: int, seed: int) -> list[torch.Tensor]:
        """The loss of ``n`` shares, and what it asks of the weights."""
        model.zero_grad()
        total = torch.zeros(())
        for part, share in batch_parts(batch, n):
            with drawing(seed, CPU):
                loss = share * batch_loss(model, torch.tensor(text), part, candidates)
            torch.autograd.backward(loss)
            total += loss.detach()
        return [total, *(p.grad.clone() for p in model.parameters() if p.grad is not None)]

    whole = learned(1, seed=5)
    assert abs(whole[0] - learned(1, seed=6)[0]) > 1e-3
    for n in (2, 3, 16):
        for ours, theirs in zip(learned(n, seed=5), whole, strict=True):
            torch.testing.assert_close(ours, theirs, atol=2e-6, rtol=1e-4)
