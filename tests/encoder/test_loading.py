from pathlib import Path

import numpy as np
import pytest
import torch

from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.pooling import Pooling
from recsys_core.encoder.saving import save_encoder
from recsys_core.errors import InputError


def test_a_saved_encoder_is_a_sentence_transformer_with_the_same_vectors(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    encoder = load_encoder()
    save_encoder(encoder, tmp_path / "mine", "# Mine")
    with torch.no_grad():
        expected = encoder.forward(encoder.tokenize(["Green tea"])).numpy()
    np.testing.assert_allclose(
        SentenceTransformer(str(tmp_path / "mine")).encode(["Green tea"]), expected, atol=1e-5
    )
    assert load_encoder(tmp_path / "mine").pooling is Pooling.MEAN


def test_a_decoder_is_pooled_at_its_last_token(tmp_path: Path) -> None:
    _tiny_gpt2(tmp_path)
    encoder = load_encoder(tmp_path)
    assert encoder.pooling is Pooling.LAST
    vectors = encoder.encode(["a b", "a b c", "c"])
    assert vectors.shape == (3, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_fingerprint_changes_with_the_weights(tmp_path: Path) -> None:
    _tiny_gpt2(tmp_path / "one", seed=1)
    _tiny_gpt2(tmp_path / "two", seed=2)
    assert load_encoder(tmp_path / "one").fingerprint != load_encoder(tmp_path / "two").fingerprint


def test_a_folder_without_weights_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"needs config.json and \*.safetensors"):
        load_encoder(tmp_path)


def test_a_damaged_name_says_which_encoder_is_here() -> None:
    with pytest.raises(InputError, match="all-MiniLM-L6-v2"):
        load_encoder("no such / encoder / anywhere")


def _tiny_gpt2(folder: Path, seed: int = 0) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    words = Tokenizer(models.WordLevel({"a": 0, "b": 1, "c": 2, "[UNK]": 3, "[PAD]": 4}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(tokenizer_object=words, pad_token="[PAD]").save_pretrained(folder)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        config = GPT2Config(vocab_size=5, n_positions=32, n_embd=16, n_layer=1, n_head=2)
        GPT2LMHeadModel(config).save_pretrained(folder)
