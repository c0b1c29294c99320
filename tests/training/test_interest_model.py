import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from recsys_core.training.examples import pad
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.options import Tower, TrainingOptions
from tests.training.logs import themed_dataset

SMALL = TrainingOptions(dim=16, layers=1, heads=2, longest=10)


def test_it_begins_as_the_text_and_the_mean_of_a_history() -> None:
    dataset, vectors = themed_dataset(n_users=4)
    text = torch.as_tensor(vectors)
    torch.manual_seed(0)
    model = InterestModel(text.shape[1], torch.tensor(dataset.item_domain), 2, SMALL).eval()
    model.begin_from(text)
    with torch.inference_mode():
        items = model.item_vectors(text)
        torch.testing.assert_close(items @ items.T, text @ text.T)
        read = [torch.as_tensor(a) for a in pad([dataset.history(0)], SMALL.longest)]
        asked = model.question(model.states(items[read[0].clamp(min=0)], *read)[0, -1:], 1)[0]
    mean = normalize(text[torch.as_tensor(dataset.history(0).items)].mean(0), dim=0)
    torch.testing.assert_close(items @ normalize(asked, dim=0), text @ mean)


def test_fewer_dimensions_keep_the_principal_ones() -> None:
    dataset, vectors = themed_dataset(n_users=4)
    text = torch.as_tensor(vectors)
    options = TrainingOptions(dim=3, layers=1, heads=1)
    model = InterestModel(text.shape[1], torch.tensor(dataset.item_domain), 2, options).eval()
    model.begin_from(text)
    with torch.inference_mode():
        kept = model.project(text).norm() ** 2
    largest = np.linalg.svd(vectors, compute_uv=False)[:3]
    np.testing.assert_allclose(float(kept), (largest**2).sum(), rtol=1e-4)


@pytest.mark.parametrize("tower", Tower)
def test_a_state_depends_on_the_order_of_what_came_before_and_on_nothing_later(tower: Tower) -> None:
    torch.manual_seed(0)
    options = TrainingOptions(dim=8, layers=1, heads=1, longest=10, tower=tower)
    model = InterestModel(4, torch.zeros(5, dtype=torch.int64), 1, options).eval()
    with torch.inference_mode():
        vectors, gaps = model.item_vectors(torch.randn(5, 4)), torch.zeros(1, 3, dtype=torch.int64)
        first, swapped, later = (
            model.states(vectors[items], items, gaps)[0]
            for items in (torch.tensor([[0, 1, 2]]), torch.tensor([[1, 0, 2]]), torch.tensor([[0, 1, 3]]))
        )
    torch.testing.assert_close(first[:3], later[:3])
    assert not torch.allclose(first[3], later[3])
    assert not torch.allclose(first[3], swapped[3])
