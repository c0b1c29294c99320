import pytest
import torch

from recsys_core.encoder.hardware import fast_dtype, reproducible
from recsys_core.errors import InputError


def gradient_of_repeated_rows() -> torch.Tensor:
    """As of a table of vectors of which popular rows are read again and again."""
    drawn = torch.Generator().manual_seed(0)
    table = torch.zeros(50, 64, requires_grad=True)
    rows = torch.randint(50, (20_000,), generator=drawn)
    torch.autograd.backward(table[rows], torch.randn(20_000, 64, generator=drawn))
    assert table.grad is not None
    return table.grad


def test_repeated_rows_are_added_up_in_one_order() -> None:
    with reproducible(torch.device("cpu")):
        first = gradient_of_repeated_rows()
        assert all(torch.equal(gradient_of_repeated_rows(), first) for _ in range(20))


def test_the_setting_of_others_is_put_back() -> None:
    with reproducible(torch.device("cpu")):
        assert torch.are_deterministic_algorithms_enabled()
    assert not torch.are_deterministic_algorithms_enabled()


def test_float32_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_PRECISION", "float32")
    assert fast_dtype(torch.device("cpu")) is fast_dtype(torch.device("cuda")) is torch.float32
    monkeypatch.setenv("DRIFTMAP_PRECISION", "half")
    with pytest.raises(InputError, match="It may be auto or float32"):
        fast_dtype(torch.device("cpu"))
