import pytest
import torch

from recsys_core.encoder import hardware


@pytest.fixture
def exact(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine multiplies fast, float32 is used."""
    monkeypatch.setattr(hardware, "fast_dtype", lambda _: torch.float32)
