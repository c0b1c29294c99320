from pathlib import Path

import pytest
import torch

from recsys_core.encoder.loading import load_encoder
from recsys_core.progress import Silent
from recsys_core.training.item_gradients import EncoderTrainer, encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions
from tests.encoder.tiny import TEXTS, tiny_model


@pytest.mark.parametrize("kind", ["bert", "gpt2"])
def test_the_gradient_pushed_is_that_of_the_vectors_in_the_table(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = load_encoder(tiny_model(tmp_path, kind), device="cpu")
    assert any(isinstance(part, torch.nn.Dropout) and part.p for part in encoder.model.modules())
    trainer = encoder_trainer(encoder, TEXTS, TrainingOptions(mode=Mode.FULL))
    wanted = torch.randn(len(TEXTS), encoder.dim, generator=torch.Generator().manual_seed(0))
    vectors = torch.cat([encoder.forward([tokens]) for tokens in trainer.tokens])
    torch.testing.assert_close(trainer.table(Silent()), vectors.detach(), atol=1e-2, rtol=0)
    (vectors * wanted).sum().backward()
    direct = gradients(trainer.encoder.model)
    trainer.optimiser.zero_grad()
    pushed: list[torch.Tensor] = []
    monkeypatch.setattr(EncoderTrainer, "step", lambda self: pushed.append(gradients(self.encoder.model)))
    trainer.push(wanted, Silent())
    assert torch.nn.functional.cosine_similarity(pushed[0], direct, dim=0) > 0.999


def gradients(model: torch.nn.Module) -> torch.Tensor:
    """All of them, one after another."""
    return torch.cat([p.grad.flatten().clone() for p in model.parameters() if p.grad is not None])
