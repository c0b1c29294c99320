"""A model folder that asks for more than being read."""

import json
from pathlib import Path

import pytest

from recsys_core.encoder.loading import load_encoder
from recsys_core.errors import InputError
from tests.encoder.tiny import tiny_model, write_json

OUT = "which lies outside the model's folder"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("[PAD]")
    return tiny_model(tmp_path / "model", "bert")


def add(file: Path, **said: object) -> None:
    write_json(file, {**json.loads(file.read_text()), **said})


@pytest.mark.parametrize("key", ["vocab_file", "tokenizer_file", "merges_file"])
@pytest.mark.parametrize("absolute", [True, False])
def test_a_tokenizer_that_names_another_file_is_refused(folder: Path, key: str, absolute: bool) -> None:
    other = str(folder.parent / "secret.txt") if absolute else "../secret.txt"
    add(folder / "tokenizer_config.json", **{key: other})
    with pytest.raises(InputError, match=rf"tokenizer_config.json names .*secret.txt', {OUT}"):
        load_encoder(folder)


def test_a_tokenizer_with_code_of_its_own_is_refused(folder: Path) -> None:
    add(folder / "tokenizer_config.json", auto_map={"AutoTokenizer": ["mine.Tokenizer", None]})
    with pytest.raises(InputError, match=r"tokenizer_config.json asks for code of its own"):
        load_encoder(folder)


def test_paths_that_the_machine_of_its_maker_left_do_no_harm(folder: Path) -> None:
    left = {"special_tokens_map_file": "/etc/hostname", "tokenizer_file": "/home/maker/gone.json"}
    add(folder / "tokenizer_config.json", **left)
    assert load_encoder(folder, "cpu").dim == 32


def test_an_index_or_a_module_that_leads_elsewhere_is_refused(folder: Path) -> None:
    write_json(folder / "model.safetensors.index.json", {"weight_map": {"a": "../other.safetensors"}})
    with pytest.raises(InputError, match=OUT):
        load_encoder(folder)
    (folder / "model.safetensors.index.json").unlink()
    kind = "sentence_transformers.models.Transformer"
    write_json(folder / "modules.json", [{"idx": 0, "name": "0", "path": "../elsewhere", "type": kind}])
    with pytest.raises(InputError, match=OUT):
        load_encoder(folder)


def test_a_link_out_of_the_folder_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder.parent / "model.safetensors")
    (folder / "model.safetensors").symlink_to("../model.safetensors")
    with pytest.raises(InputError, match="is a link that leads out of the model's folder"):
        load_encoder(folder)


def test_the_links_of_the_hubs_cache_are_followed(tmp_path: Path) -> None:
    snapshot = tiny_model(tmp_path / "models--a--b" / "snapshots" / "0", "bert")
    (tmp_path / "models--a--b" / "blobs").mkdir()
    (snapshot / "model.safetensors").rename(tmp_path / "models--a--b" / "blobs" / "sum")
    (snapshot / "model.safetensors").symlink_to("../../blobs/sum")
    assert load_encoder(snapshot, "cpu").dim == 32


@pytest.mark.parametrize("content", ["[]", "7", "[" * 100_000])
def test_a_configuration_that_is_none_is_told(folder: Path, content: str) -> None:
    (folder / "config.json").write_text(content)
    with pytest.raises(InputError, match=r"config.json (holds no JSON dict|is not valid JSON)"):
        load_encoder(folder)
