import numpy as np
import pytest
import torch
from torch.nn.functional import normalize

from recsys_core.catalogue.history import History
from recsys_core.training.interest_model import InterestModel
from recsys_core.training.nearness import FLOOR, log_density
from recsys_core.training.options import Part, TrainingOptions
from recsys_core.training.trained_model import TrainedModel
from tests.training.logs import themed_dataset

SMALL = TrainingOptions(dim=16, layers=1, heads=2, longest=6)


def test_it_is_the_log_of_the_mean_kernel_over_the_items_read() -> None:
    torch.manual_seed(0)
    read, vectors = (normalize(torch.randn(*shape, 8), dim=-1) for shape in ((3, 4), (10,)))
    row, position = torch.tensor([0, 0, 2, 2]), torch.tensor([0, 4, 1, 3])
    counts = torch.ones(3, 4, dtype=torch.bool)
    counts[2, 0] = False
    found = log_density(read, counts, torch.tensor(5.0), row, position, vectors)
    for question, (user, until) in enumerate(zip(row, position, strict=True)):
        expected = torch.full((10,), FLOOR)
        seen = read[user, :until][counts[user, :until]]
        if len(seen):
            expected = expected + (5 * (seen @ vectors.T - 1)).exp().mean(0)
        torch.testing.assert_close(found[question], (expected / FLOOR).log(), atol=1e-5, rtol=1e-5)


def test_of_two_interests_that_lie_apart_both_count() -> None:
    east, north, between = torch.eye(2)[0], torch.eye(2)[1], torch.full((2,), 0.5**0.5)
    read = torch.stack([east, north])[None]
    about = (
        read,
        torch.ones(1, 2, dtype=torch.bool),
        torch.tensor(10.0),
        torch.tensor([0]),
        torch.tensor([2]),
    )
    near, middle = log_density(*about, torch.eye(2)), log_density(*about, between[None])
    assert near.min() > middle.max()  # the mean of the history would say the opposite


def trained(options: TrainingOptions) -> tuple[TrainedModel, list[History]]:
    dataset, vectors = themed_dataset(n_users=12)
    torch.manual_seed(0)
    model = InterestModel(vectors.shape[1], torch.as_tensor(dataset.item_domain.copy()), 2, options).eval()
    nobody = History(*(np.zeros(0, kind) for kind in (np.int64, np.int64, np.float32)))
    histories = [*map(dataset.history, range(12)), dataset.history(0, [0]), nobody]
    return TrainedModel(model, torch.as_tensor(vectors)), histories


@pytest.mark.parametrize("part", [Part.IDS, Part.NEAR])
def test_a_score_is_question_plus_prior_plus_nearness_where_something_was_read(part: Part) -> None:
    model, histories = trained(TrainingOptions(**{**vars(SMALL), "without": (part,)}))
    items = np.flatnonzero(model.model.item_domain.numpy() == 1)
    rows = torch.as_tensor(items)
    found = torch.as_tensor(model.score(histories, 1))
    for history, scores in zip(histories, found, strict=True):
        with torch.inference_mode():
            vectors = model.model.item_vectors(model.text_vectors)
            read = vectors[torch.as_tensor(history.items[-6:])][None]
            n = torch.tensor([read.shape[1]])
            counts = model.model.item_domain[torch.as_tensor(history.items[-6:])][None] == 1
            user = torch.zeros(1, dtype=torch.int64)
            near = log_density(read, counts, model.model.kappa, user, n, vectors[rows])
            beside = part is Part.IDS and bool(counts.any())
            asked = model.model.question_beside if beside else model.model.question
            question = torch.as_tensor(model._asked([history], 1, asked))
            expected = (question @ vectors[rows].T + model.model.prior[rows])[0]
            if beside:
                expected = expected + model.model.near * near[0]
        torch.testing.assert_close(scores, expected, atol=1e-4, rtol=1e-4)
