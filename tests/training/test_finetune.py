from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys_core.catalogue.history import History
from recsys_core.encoder.loading import load_encoder
from recsys_core.errors import CancelledError, NotEnoughDataError
from recsys_core.progress import Silent
from recsys_core.spread import spreading
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.item_gradients import encoder_trainer
from recsys_core.training.options import Mode, Part, TrainingOptions
from recsys_core.training.trained_model import TrainedModel
from tests.elsewhere import elsewhere
from tests.encoder.tiny import tiny_model
from tests.training.logs import PER_THEME, THEMES, themed_dataset

SMALL = TrainingOptions(epochs=6, batch_users=16, dim=16, layers=1, heads=2, longest=10, rate=1e-2)
FILMS = 1


def theme_hits(model: TrainedModel) -> float:
    """Of one-book readers, the fraction whose first film recommendation has the book's theme."""
    histories = [one_book(book) for book in range(THEMES * PER_THEME)]
    best = model.score(histories, FILMS).argmax(axis=1)
    return float((best // PER_THEME == np.arange(len(histories)) // PER_THEME).mean())


def one_book(item: int) -> History:
    return History(np.array([item]), np.array([0]), np.ones(1, np.float32))


def test_it_learns_to_carry_a_theme_from_books_to_films() -> None:
    dataset, vectors = themed_dataset()
    model = train_interest_model(dataset, vectors, theme_hits, SMALL, 0, Silent(), device="cpu")
    assert theme_hits(model) == 1.0
    assert model.event_states(dataset).shape == (dataset.n_events, 16)


def test_states_after_events_are_the_states_of_histories() -> None:
    dataset, vectors = themed_dataset(n_users=4)
    model = train_interest_model(dataset, vectors, theme_hits, replace(SMALL, epochs=1), 0, Silent())
    asked = model.model.asked.weight[FILMS].detach().numpy()
    last = model.event_states(dataset)[dataset.offsets[1:] - 1]
    histories = [dataset.history(user) for user in range(4)]
    scale = model.model.log_scale.exp().item()
    questions = scale * (last + asked) / np.linalg.norm(last + asked, axis=1, keepdims=True)
    np.testing.assert_allclose(questions, model.states(histories, FILMS), atol=1e-4)


def test_states_read_elsewhere_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, vectors = themed_dataset(n_users=40)
    model = train_interest_model(dataset, vectors, theme_hits, replace(SMALL, epochs=1), 0, Silent())
    monkeypatch.setattr("recsys_core.training.trained_model.SPREAD", 16)
    here, seen = model.event_states(dataset), []
    with spreading(elsewhere(seen)):
        np.testing.assert_array_equal(model.event_states(dataset), here)
    assert len(seen) > 2


def test_a_saved_model_gives_the_same_scores(tmp_path: Path) -> None:
    dataset, vectors = themed_dataset(n_users=6)
    model = train_interest_model(dataset, vectors, theme_hits, replace(SMALL, epochs=1), 0, Silent())
    model.save(tmp_path)
    nobody = History(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.float32))
    histories = [dataset.history(0), nobody]
    np.testing.assert_array_equal(TrainedModel.load(tmp_path).score(histories, 0), model.score(histories, 0))


class StopAfter(Silent):
    """Cancels once an epoch has been judged."""

    def __init__(self, epoch: int) -> None:
        self.epoch, self.seen = epoch, 0

    def metric(self, name: str, step: int, value: float) -> None:
        self.seen = step if name.startswith("validation") else self.seen

    def check_cancelled(self) -> None:
        if self.seen >= self.epoch:
            raise CancelledError("Stopped by the test.")


def test_an_interrupted_run_goes_on_to_the_same_result(tmp_path: Path) -> None:
    dataset, vectors = themed_dataset()
    unbroken = train_interest_model(dataset, vectors, theme_hits, SMALL, 3, Silent(), device="cpu")
    with pytest.raises(CancelledError):
        train_interest_model(dataset, vectors, theme_hits, SMALL, 3, StopAfter(2), tmp_path, device="cpu")
    resumed = train_interest_model(dataset, vectors, theme_hits, SMALL, 3, Silent(), tmp_path, device="cpu")
    np.testing.assert_array_equal(resumed.item_vectors, unbroken.item_vectors)


@pytest.mark.parametrize("mode", [Mode.LORA, Mode.FULL])
def test_the_text_encoder_learns(mode: Mode) -> None:
    dataset, _ = themed_dataset(n_users=12)
    options = replace(SMALL, mode=mode, epochs=2)
    texts = [f"theme {row // PER_THEME}" for row in range(dataset.n_items)]
    texts[0] = ""
    trainer = encoder_trainer(load_encoder(), texts, options)
    before = trainer.table(Silent())
    model = train_interest_model(dataset, trainer, theme_hits, options, 0, Silent())
    moved = (model.text_vectors.detach() - before).abs().amax(dim=1)
    assert moved[0] == 0
    assert (moved[1:] > 1e-4).all()


def test_without_the_prior_nothing_is_added_to_a_score() -> None:
    dataset, vectors = themed_dataset(n_users=6)
    priors = [
        train_interest_model(dataset, vectors, theme_hits, options, 0, Silent(), device="cpu").item_prior
        for options in (replace(SMALL, epochs=1), replace(SMALL, epochs=1, without=(Part.PRIOR,)))
    ]
    assert np.abs(priors[0]).max() > 0
    assert (priors[1] == 0).all()


def test_the_encoder_learns_after_the_head_and_before_patience_ends(tmp_path: Path) -> None:
    dataset, _ = themed_dataset(n_users=12)
    options = replace(SMALL, mode=Mode.FULL, epochs=50, patience=1)
    assert options.epochs_before_encoder == 2
    texts = [f"theme {row // PER_THEME}" for row in range(dataset.n_items)]
    trainer = encoder_trainer(load_encoder(tiny_model(tmp_path, "bert"), device="cpu"), texts, options)
    first = trainer.table(Silent())
    unmoved = []

    def never_better(model: TrainedModel) -> float:
        unmoved.append(bool((model.text_vectors == first).all()))
        return 0.0

    train_interest_model(dataset, trainer, never_better, options, 0, Silent(), device="cpu")
    assert unmoved == [True, True, False]


def test_a_log_without_order_is_refused() -> None:
    dataset, vectors = themed_dataset(n_users=4)
    first = np.isin(np.arange(dataset.n_events), dataset.offsets[:-1])
    with pytest.raises(NotEnoughDataError, match="two events"):
        train_interest_model(dataset.select_events(first), vectors, theme_hits, SMALL, 0, Silent())
