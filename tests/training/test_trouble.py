import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from recsys_core.encoder import hardware
from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.errors import ResourceError
from recsys_core.progress import Silent
from recsys_core.training import finetune, loss
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.item_gradients import EncoderTrainer, encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions
from recsys_core.training.trouble import DivergedError, Parts, ran_out_of_memory
from tests.training.logs import themed_dataset

STEADY = TrainingOptions(
    epochs=3, batch_users=16, dim=16, layers=1, heads=2, longest=10, dropout=0.0, id_dropout=0.0
)


class Heard(Silent):
    """Remembers the log."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def log(self, message: str) -> None:
        self.lines.append(message)


def fill_memory() -> None:
    """More than any machine has: what torch says of it is the real thing."""
    torch.empty(10**15)


@pytest.mark.parametrize("allocate", [fill_memory, lambda: bytearray(10**17)])
def test_memory_that_ran_out_is_recognised(allocate) -> None:
    with pytest.raises((RuntimeError, MemoryError)) as caught:
        allocate()
    assert ran_out_of_memory(caught.value)
    assert ran_out_of_memory(torch.OutOfMemoryError("CUDA out of memory."))
    assert not ran_out_of_memory(RuntimeError("shapes do not match"))


def cramped(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Memory for the forward and half of the backward pass of ``most`` users."""
    plain = finetune.batch_loss

    def loss(model, vectors, batch, domain_items):
        value = plain(model, vectors, batch, domain_items)
        if len(batch.items) > most:
            torch.autograd.backward(value, retain_graph=True)  # some gradients are there already
            fill_memory()
        return value

    monkeypatch.setattr(finetune, "batch_loss", loss)


def test_user_steps_go_on_in_smaller_parts_to_the_same_model(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in (hardware, loss):  # without the roundings of bfloat16, which parts change
        monkeypatch.setattr(room, "fast_dtype", lambda _: torch.float32)
    dataset, vectors = themed_dataset()
    whole = train_interest_model(dataset, vectors, lambda _: 0.0, STEADY, 0, Silent(), device="cpu")
    cramped(monkeypatch, most=4)
    heard = Heard()
    parted = train_interest_model(dataset, vectors, lambda _: 0.0, STEADY, 0, heard, device="cpu")
    np.testing.assert_allclose(parted.item_vectors, whole.item_vectors, atol=1e-5)
    assert heard.lines[0].startswith("Memory ran out with 16 users at a time; going on with 8.")
    assert [line[:38] for line in heard.lines if "Memory" in line] == [
        "Memory ran out with 16 users at a time",
        "Memory ran out with 8 users at a time;",
    ]


def test_it_gives_up_where_one_user_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, vectors = themed_dataset()
    cramped(monkeypatch, most=0)
    with pytest.raises(ResourceError, match=r"even with one of the users at a time\. Close other programs"):
        train_interest_model(dataset, vectors, lambda _: 0.0, STEADY, 0, Silent(), device="cpu")


def steady_trainer() -> EncoderTrainer:
    texts = [f"a cup of {kind} tea" for kind in ("green", "black", "white", "iced", "cold", "hot", "red")]
    return encoder_trainer(load_encoder(device="cpu"), texts, replace(STEADY, mode=Mode.FULL))


def test_the_encoder_learns_the_same_from_smaller_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "fast_dtype", lambda _: torch.float32)  # whose sums are nearly the same
    gradient = torch.randn(7, 384, generator=torch.Generator().manual_seed(0))
    whole = steady_trainer()
    whole.push(gradient, Silent())
    plain = TextEncoder.forward

    def forward(self, tokens):
        vectors = plain(self, tokens)
        if len(tokens) > 2:
            torch.autograd.backward(vectors.sum(), retain_graph=True) if vectors.requires_grad else None
            fill_memory()
        return vectors

    monkeypatch.setattr(TextEncoder, "forward", forward)
    parted, heard = steady_trainer(), Heard()
    parted.push(gradient, heard)
    moved = whole.learning_state()["encoder.layer.5.output.dense.weight"]
    np.testing.assert_allclose(
        parted.learning_state()["encoder.layer.5.output.dense.weight"].detach(), moved.detach(), atol=2e-5
    )
    assert parted.table(heard).shape == (7, 384)
    assert [line.split(".")[0] for line in heard.lines] == [
        "Memory ran out with 7 texts at a time; going on with 4",
        "Memory ran out with 4 texts at a time; going on with 2",
    ]


def test_other_errors_are_not_taken_for_memory() -> None:
    with pytest.raises(RuntimeError, match="same number of elements"):
        Parts("users", 8).fit(lambda _: torch.zeros(2) @ torch.zeros(3), lambda: None, Silent())
    assert Parts("users", 9, n=4).size == 3


def test_a_loss_that_is_no_number_stops_at_the_best_epoch() -> None:
    dataset, vectors = themed_dataset()
    judged = []

    def validate(model) -> float:
        judged.append(model.item_vectors.copy())
        if len(judged) == 2:
            with torch.no_grad():
                model.model.residual.fill_(math.inf)
        return 1.0 / len(judged)

    heard = Heard()
    model = train_interest_model(dataset, vectors, validate, STEADY, 0, heard, device="cpu")
    assert model.stopped == (
        "The training loss became nan in epoch 3. Training stopped there; the model is that of epoch 1."
    )
    assert heard.lines[-1] == model.stopped
    np.testing.assert_array_equal(model.item_vectors, judged[0])


def test_a_loss_that_is_no_number_at_once_leaves_nothing_to_keep() -> None:
    dataset, vectors = themed_dataset()
    with pytest.raises(DivergedError, match=r"became (nan|inf) in epoch 1. Start again with another seed"):
        train_interest_model(
            dataset, vectors, lambda _: 0.0, replace(STEADY, rate=1e30), 0, Silent(), device="cpu"
        )
