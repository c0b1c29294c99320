"""Every kind of model is read, encodes, learns and is saved as sentence-transformers would have it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.pooling import Pooling
from recsys_core.encoder.saving import save_encoder
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.progress import Silent
from recsys_core.training.item_gradients import encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions
from tests.encoder.tiny import DECODERS, KINDS, TEXTS, tiny_model

MINILM = "all-MiniLM-L6-v2"
pytestmark = pytest.mark.usefixtures("exact")


def sentence_transformers_vectors(
    folder: Path, pooling: str | None = None, texts: list[str] = TEXTS
) -> NDArray[np.float32]:
    """What sentence-transformers makes of a folder; ``pooling`` for a plain Hugging Face one."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling as Pool
    from sentence_transformers.sentence_transformer.modules import Transformer

    if pooling is None:
        theirs = SentenceTransformer(str(folder), device="cpu")
    else:
        reads = Transformer(str(folder))
        theirs = SentenceTransformer(modules=[reads, Pool(reads.get_embedding_dimension(), pooling)])
        theirs.tokenizer.pad_token = theirs.tokenizer.pad_token or theirs.tokenizer.eos_token
    vectors: NDArray[np.float32] = theirs.encode(texts, normalize_embeddings=True)
    return vectors


def loaded(kind: str, folder: Path) -> TextEncoder:
    return load_encoder(MINILM if kind == MINILM else tiny_model(folder, kind), "cpu")


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_folder_gives_the_vectors_of_sentence_transformers(kind: str, tmp_path: Path) -> None:
    encoder = loaded(kind, tmp_path)
    assert encoder.pooling is (Pooling.LAST if kind in DECODERS else Pooling.MEAN)
    expected = sentence_transformers_vectors(tmp_path, encoder.pooling)
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(TEXTS[::-1])[::-1], expected, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(TEXTS[1:2]), expected[1:2], atol=1e-5)


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize("kind", DECODERS)
def test_a_decoder_is_told_by_its_kind_whichever_class_wrote_it(
    kind: str, head: bool, tmp_path: Path
) -> None:
    assert load_encoder(tiny_model(tmp_path, kind, head=head), "cpu").pooling is Pooling.LAST


@pytest.mark.parametrize("pooling", list(Pooling))
@pytest.mark.parametrize("kind", [MINILM, *KINDS])
def test_a_saved_encoder_is_a_sentence_transformer_with_the_same_vectors(
    kind: str, pooling: Pooling, tmp_path: Path
) -> None:
    encoder = replace(loaded(kind, tmp_path / "base"), pooling=pooling, prompt="item: ")
    save_encoder(encoder, tmp_path / "saved", "# Mine")
    expected = encoder.encode(TEXTS)
    np.testing.assert_allclose(sentence_transformers_vectors(tmp_path / "saved"), expected, atol=1e-5)
    again = load_encoder(tmp_path / "saved", "cpu")
    assert (again.pooling, again.prompt, again.max_tokens) == (pooling, "item: ", encoder.max_tokens)
    np.testing.assert_allclose(again.encode(TEXTS), expected, atol=1e-6)


@pytest.mark.parametrize("mode", [Mode.LORA, Mode.FULL])
@pytest.mark.parametrize("kind", [MINILM, *KINDS])
def test_what_an_encoder_learned_is_saved(kind: str, mode: Mode, tmp_path: Path) -> None:
    encoder = loaded(kind, tmp_path / "base")
    before = encoder.encode(TEXTS)
    towards_the_first = -torch.from_numpy(before[:1]).expand(len(TEXTS), -1).contiguous()
    trainer = encoder_trainer(encoder, TEXTS, TrainingOptions(mode=mode, encoder_rate=1e-3))
    for _ in range(5):
        trainer.push(towards_the_first, Silent())
    after = encoder.encode(TEXTS)
    assert (after @ before[0]).mean() > (before @ before[0]).mean() + 0.01
    save_encoder(encoder, tmp_path / "tuned", "# Tuned")
    np.testing.assert_allclose(sentence_transformers_vectors(tmp_path / "tuned"), after, atol=1e-5)
    np.testing.assert_allclose(load_encoder(tmp_path / "tuned", "cpu").encode(TEXTS), after, atol=1e-5)


def test_the_same_seed_makes_the_same_adapters(tmp_path: Path) -> None:
    folder, firsts = tiny_model(tmp_path, "gpt2"), []
    for seed in (1, 1, 2):
        encoder = load_encoder(folder, "cpu")
        before = torch.random.get_rng_state()
        encoder_trainer(encoder, TEXTS, TrainingOptions(mode=Mode.LORA), seed)
        assert torch.equal(before, torch.random.get_rng_state())
        firsts.append(next(w for name, w in encoder.model.named_parameters() if "lora_A" in name))
    assert torch.equal(firsts[0], firsts[1])
    assert not torch.equal(firsts[0], firsts[2])
