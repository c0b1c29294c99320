import pytest
import torch

from recsys_core.encoder.pooling import Pooling, pool

STATES = torch.tensor([[[1.0, 0.0], [3.0, 4.0], [9.0, 9.0]], [[2.0, 2.0], [4.0, 6.0], [6.0, 1.0]]])
MASK = torch.tensor([[1, 1, 0], [1, 1, 1]])


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        (Pooling.MEAN, [[2.0, 2.0], [4.0, 3.0]]),
        (Pooling.CLS, [[1.0, 0.0], [2.0, 2.0]]),
        (Pooling.LAST, [[3.0, 4.0], [6.0, 1.0]]),
    ],
)
def test_padding_never_enters_the_vector(pooling: Pooling, expected: list[list[float]]) -> None:
    assert pool(STATES, MASK, pooling).tolist() == expected
