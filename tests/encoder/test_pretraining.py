import time
from pathlib import Path

import numpy as np
import pytest
import torch

from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.metric_names import PRETRAINING_LOSS
from recsys_core.encoder.pretraining import UNSCORED, _Scorer, _Task, pretrain, seconds_of_a_pass
from recsys_core.encoder.saving import save_encoder
from recsys_core.errors import CancelledError, InputError, NotEnoughDataError
from recsys_core.progress import Silent
from tests.encoder.tiny import TEXTS, tiny_model

FAMILIES = ("bert", "gpt2", "qwen3")
pytestmark = pytest.mark.usefixtures("exact")


class Told(Silent):
    """Remembers the curve of the loss, and cancels after so many checks."""

    def __init__(self, cancel_after: int = 10**9) -> None:
        self.losses: list[float] = []
        self.steps: list[int] = []
        self.left = cancel_after

    def metric(self, name: str, step: int, value: float) -> None:
        assert name == PRETRAINING_LOSS
        self.losses.append(value)
        self.steps.append(step)

    def check_cancelled(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise CancelledError("Stopped.")


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize("kind", FAMILIES)
def test_the_loss_falls_and_vectors_change(kind: str, head: bool, tmp_path: Path) -> None:
    encoder, told = load_encoder(tiny_model(tmp_path / "base", kind, head=head), "cpu"), Told()
    before = encoder.encode(TEXTS)
    learned = pretrain(encoder, TEXTS, np.random.default_rng(0), epochs=60, rate=1e-2, progress=told)
    assert np.mean(told.losses[-10:]) < 0.7 * np.mean(told.losses[:10])
    assert told.steps == sorted(told.steps)
    assert (learned.encode(TEXTS) * before).sum(axis=1).min() < 0.99
    assert learned.fingerprint != encoder.fingerprint
    assert not learned.model.training
    save_encoder(learned, tmp_path / "saved", "# Learned")
    np.testing.assert_allclose(
        load_encoder(tmp_path / "saved", "cpu").encode(TEXTS), learned.encode(TEXTS), atol=1e-6
    )


@pytest.mark.parametrize("kind", FAMILIES)
def test_the_same_rng_gives_the_same_weights(kind: str, tmp_path: Path) -> None:
    folder = tiny_model(tmp_path, kind)
    prints, many = [], [f"{text}, {number}" for number in range(40) for text in TEXTS]
    for seed in (1, 1, 2):
        torch.rand(seed)  # what others draw doesn't matter
        encoder = load_encoder(folder, "cpu")
        prints.append(pretrain(encoder, many, np.random.default_rng(seed)).fingerprint)
    assert prints[0] == prints[1] != prints[2]


def test_others_random_numbers_are_left_alone(tmp_path: Path) -> None:
    encoder = load_encoder(tiny_model(tmp_path, "bert"), "cpu")
    before = torch.random.get_rng_state()
    pretrain(encoder, TEXTS, np.random.default_rng(0))
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize("kind", FAMILIES)
def test_the_checkpoints_own_head_scores_where_it_has_one(kind: str, tmp_path: Path) -> None:
    with_head = load_encoder(tiny_model(tmp_path / "whole", kind, head=True), "cpu")
    scorer = _Scorer.of(with_head, _Task.of(with_head))
    assert scorer.whole is not None
    assert scorer.whole.base_model is with_head.model
    if kind != "qwen3":  # whose output head is its own
        out, into = scorer.whole.get_output_embeddings(), with_head.model.get_input_embeddings()
        assert out.weight is into.weight


def test_the_input_embeddings_score_where_the_checkpoint_has_no_head(tmp_path: Path) -> None:
    bare = load_encoder(tiny_model(tmp_path, "qwen3"), "cpu")
    scorer = _Scorer.of(bare, _Task.of(bare))
    assert scorer.whole is None
    assert scorer.bias is not None


def test_fifteen_of_a_hundred_words_are_guessed_as_in_bert() -> None:
    task = _Task(mask=4, special=frozenset({0, 1, 2, 3, 4}), words=np.arange(5, 105))
    text = [2, *range(5, 105), 3]
    read, asked = task.lesson([text] * 200, np.random.default_rng(0))
    picked = np.array(asked) != UNSCORED
    assert picked.sum(axis=1).tolist() == [15] * 200
    assert not picked[:, [0, -1]].any()
    assert (np.array(asked)[picked] == np.array([text] * 200)[picked]).all()
    seen = np.array(read)[picked]
    assert np.mean(seen == 4) == pytest.approx(0.8, abs=0.02)
    assert np.mean(seen == np.array(asked)[picked]) == pytest.approx(0.1, abs=0.02)
    assert (np.array(read)[~picked] == np.array([text] * 200)[~picked]).all()


def test_a_short_text_has_one_word_masked() -> None:
    task = _Task(mask=4, special=frozenset({2, 3, 4}), words=np.array([7]))
    _, asked = task.lesson([[2, 7, 3]], np.random.default_rng(0))
    assert asked == [[UNSCORED, 7, UNSCORED]]


def test_a_decoder_is_asked_for_the_next_token() -> None:
    task = _Task(mask=None, special=frozenset(), words=np.arange(9))
    assert task.lesson([[1, 2, 3]], np.random.default_rng(0)) == ([[1, 2, 3]], [[2, 3, UNSCORED]])


def test_it_stops_between_steps(tmp_path: Path) -> None:
    encoder, told = load_encoder(tiny_model(tmp_path, "bert"), "cpu"), Told(cancel_after=2)
    with pytest.raises(CancelledError):
        pretrain(encoder, TEXTS, np.random.default_rng(0), epochs=9, progress=told)
    assert told.steps == [1, 2]
    assert not encoder.model.training


def test_without_a_word_there_is_nothing_to_learn(tmp_path: Path) -> None:
    encoder = load_encoder(tiny_model(tmp_path, "bert"), "cpu")
    with pytest.raises(NotEnoughDataError, match="None of 2 texts has a word to guess"):
        pretrain(encoder, ["", ""], np.random.default_rng(0))


def test_an_encoder_without_a_mask_token_is_refused(tmp_path: Path) -> None:
    encoder = load_encoder(tiny_model(tmp_path, "bert"), "cpu")
    encoder.tokenizer.mask_token = None
    with pytest.raises(InputError, match="no mask token"):
        pretrain(encoder, TEXTS, np.random.default_rng(0))


def test_a_pass_is_timed_by_some_of_its_steps(tmp_path: Path) -> None:
    encoder = load_encoder(tiny_model(tmp_path, "bert"), "cpu")
    texts = [f"{text}, {number}" for number in range(200) for text in TEXTS]
    before = torch.random.get_rng_state()
    told = seconds_of_a_pass(encoder, texts, np.random.default_rng(0), seconds=0.5)
    began = time.monotonic()
    pretrain(encoder, texts, np.random.default_rng(0))
    assert told / 5 < time.monotonic() - began < told * 5
    assert not encoder.model.training
    assert torch.equal(before, torch.random.get_rng_state())


def test_texts_without_words_cannot_be_timed(tmp_path: Path) -> None:
    encoder = load_encoder(tiny_model(tmp_path, "bert"), "cpu")
    with pytest.raises(NotEnoughDataError):
        seconds_of_a_pass(encoder, ["", ""], np.random.default_rng(0))
