import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from recsys_core.encoder.loading import load_encoder, load_same_encoder
from recsys_core.errors import InputError, ResourceError
from tests.encoder.tiny import tiny_model, write_json

pytestmark = pytest.mark.usefixtures("exact")


def test_fingerprint_changes_with_the_weights(tmp_path: Path) -> None:
    one, two = (tiny_model(tmp_path / str(seed), "gpt2", seed) for seed in (1, 2))
    assert load_encoder(one).fingerprint != load_encoder(two).fingerprint


def test_weights_in_half_precision_are_held_in_float32(tmp_path: Path) -> None:
    from transformers import AutoModel

    tiny_model(tmp_path, "qwen2")
    AutoModel.from_pretrained(tmp_path).to(torch.bfloat16).save_pretrained(tmp_path)
    assert load_encoder(tmp_path).model.dtype is torch.float32


def test_weights_in_several_files_are_read(tmp_path: Path) -> None:
    whole = load_encoder(tiny_model(tmp_path / "whole", "qwen2"), "cpu")
    whole.model.save_pretrained(tmp_path / "split", max_shard_size="20KB")
    whole.tokenizer.save_pretrained(tmp_path / "split")
    assert len(list((tmp_path / "split").glob("*.safetensors"))) > 1
    split = load_encoder(tmp_path / "split", "cpu")
    np.testing.assert_allclose(split.encode(["tea"]), whole.encode(["tea"]), atol=1e-6)


def test_a_folder_without_weights_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"needs config.json and \*.safetensors"):
        load_encoder(tmp_path)


def test_weights_that_would_have_to_be_unpickled_are_refused(tmp_path: Path) -> None:
    tiny_model(tmp_path, "bert")
    (tmp_path / "model.safetensors").rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"holds pytorch_model.bin but no \*.safetensors.*save_pretrained"):
        load_encoder(tmp_path)


def test_damaged_weights_are_named(tmp_path: Path) -> None:
    weights = tiny_model(tmp_path, "bert") / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(InputError, match=rf"The model in {tmp_path} cannot be read"):
        load_encoder(tmp_path)


def test_weights_of_another_model_are_refused(tmp_path: Path) -> None:
    one, other = tiny_model(tmp_path / "a", "qwen2"), tiny_model(tmp_path / "b", "bert")
    (other / "model.safetensors").replace(one / "model.safetensors")
    with pytest.raises(InputError, match=r"lack .*belong to its config.json"):
        load_encoder(one)


def test_code_of_a_models_own_is_never_run(tmp_path: Path) -> None:
    tiny_model(tmp_path, "bert")
    (tmp_path / "mine.py").write_text("raise SystemExit('ran')")
    own = {"AutoConfig": "mine.Config", "AutoModel": "mine.Model"}
    write_json(tmp_path / "config.json", {"model_type": "mine", "auto_map": own})
    with pytest.raises(InputError, match=r"config.json asks for code of its own \(auto_map\)"):
        load_encoder(tmp_path)


def test_a_pickle_beside_the_weights_is_never_opened(tmp_path: Path) -> None:
    bomb = "cos\nsystem\n(S'touch {}'\ntR.".format(tmp_path / "ran")
    for name in ("pytorch_model.bin", "tokenizer.pkl", "training_args.bin"):
        (tiny_model(tmp_path / "model", "bert") / name).write_text(bomb)
    assert load_encoder(tmp_path / "model", "cpu").dim == 32
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("length", [-1, 2**63 - 1, 2**31, 99])
def test_a_header_of_weights_that_lies_about_its_length_is_refused(tmp_path: Path, length: int) -> None:
    weights = tiny_model(tmp_path, "bert") / "model.safetensors"
    weights.write_bytes(length.to_bytes(8, "little", signed=True) + weights.read_bytes()[8:])
    with pytest.raises(InputError, match=rf"The model in {tmp_path} cannot be read"):
        load_encoder(tmp_path)


def test_an_address_of_the_web_is_no_name_and_is_not_repeated() -> None:
    with pytest.raises(InputError, match="An address of the web cannot name an encoder") as caught:
        load_encoder("https://ann:hunter2@example.org/model")
    assert "hunter2" not in str(caught.value)


def test_a_model_that_is_no_text_encoder_is_refused(tmp_path: Path) -> None:
    from transformers import T5Config

    tiny_model(tmp_path, "bert")
    T5Config(vocab_size=8, d_model=8, num_layers=1).save_pretrained(tmp_path)
    with pytest.raises(InputError, match="describes a t5 model"):
        load_encoder(tmp_path)


def test_loading_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tiny_model(tmp_path, "bert", head=True)  # lacks the weights of a pooler
    capfd.readouterr()  # what saving the tiny model printed
    load_encoder(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_a_pickled_encoder_only_names_its_weights() -> None:
    encoder = load_encoder()
    pickled = pickle.dumps(encoder)
    assert len(pickled) < 1000
    again = pickle.loads(pickled)  # noqa: S301 - our own
    np.testing.assert_array_equal(again.encode(["tea"]), encoder.encode(["tea"]))
    name, folder, _ = encoder.__reduce__()[1]
    with pytest.raises(ResourceError, match="is another one here than where the work began"):
        load_same_encoder(name, folder, "another")
