"""What a model folder asks for is done, or refused by name."""

from pathlib import Path

import numpy as np
import pytest

from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.pooling import Pooling
from recsys_core.errors import InputError
from tests.encoder.test_kinds import sentence_transformers_vectors
from tests.encoder.tiny import TEXTS, tiny_model, write_json

pytestmark = pytest.mark.usefixtures("exact")
OLD, NEW = "sentence_transformers.models", "sentence_transformers.base.modules.transformer"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "bert", "bert")


def write_modules(folder: Path, *kinds: str) -> None:
    """modules.json with a module of each kind, each in its usual sub-folder."""
    paths = ["", *(f"{n}_{kind.rpartition('.')[2]}" for n, kind in enumerate(kinds) if n)]
    listed = [
        {"idx": n, "name": str(n), "path": path, "type": kind}
        for n, (kind, path) in enumerate(zip(kinds, paths, strict=True))
    ]
    write_json(folder / "modules.json", listed)


@pytest.mark.parametrize("pooling", ["mean", "cls", "lasttoken"])
def test_a_folder_of_todays_sentence_transformers_is_read(folder: Path, pooling: str, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling as Pool
    from sentence_transformers.sentence_transformer.modules import Transformer

    reads = Transformer(str(folder))
    theirs = SentenceTransformer(
        modules=[reads, Pool(32, pooling)], prompts={"item": "tea: "}, default_prompt_name="item"
    )
    theirs.save(str(tmp_path / "theirs"))
    encoder = load_encoder(tmp_path / "theirs", "cpu")
    assert (encoder.pooling, encoder.prompt) == (Pooling(pooling), "tea: ")
    expected = theirs.encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=1e-5)
    np.testing.assert_allclose(sentence_transformers_vectors(tmp_path / "theirs"), expected, atol=1e-5)


def test_pooling_flags_of_older_folders_are_read(folder: Path) -> None:
    write_modules(folder, f"{OLD}.Transformer", f"{OLD}.Pooling")
    write_json(folder / "1_Pooling" / "config.json", {"pooling_mode_cls_token": True})
    assert load_encoder(folder, "cpu").pooling is Pooling.CLS


def test_a_transformer_in_a_folder_of_its_own_is_read(tmp_path: Path) -> None:
    tiny_model(tmp_path / "0_Transformer", "bert")
    module = {"idx": 0, "name": "0", "path": "0_Transformer", "type": f"{OLD}.Transformer"}
    write_json(tmp_path / "modules.json", [module])
    assert load_encoder(tmp_path, "cpu").encode(["tea"]).shape == (1, 32)


@pytest.mark.parametrize("module", [f"{OLD}.Dense", "my.Pooling", "Pooling"])
def test_a_module_that_is_not_done_here_is_refused(folder: Path, module: str) -> None:
    write_modules(folder, f"{NEW}.Transformer", f"{OLD}.Pooling", module)
    with pytest.raises(InputError, match=rf"modules.json asks for the module {module}.*Choose a text"):
        load_encoder(folder)


@pytest.mark.parametrize("said", ["max", ["mean", "cls"]])
def test_another_pooling_is_refused(folder: Path, said: object) -> None:
    write_json(folder / "1_Pooling" / "config.json", {"pooling_mode": said})
    with pytest.raises(InputError, match=r"config.json pools by .*one of mean, cls, lasttoken"):
        load_encoder(folder)


def test_a_prompt_belongs_to_the_fingerprint(folder: Path) -> None:
    plain = load_encoder(folder, "cpu")
    settings = {"prompts": {"item": "tea "}, "default_prompt_name": "item"}
    write_json(folder / "config_sentence_transformers.json", settings)
    prompted = load_encoder(folder, "cpu")
    assert prompted.fingerprint != plain.fingerprint
    np.testing.assert_array_equal(prompted.encode(["pan"]), plain.encode(["tea pan"]))


def test_prompts_without_a_default_change_nothing(folder: Path) -> None:
    write_json(folder / "config_sentence_transformers.json", {"prompts": {"query": "ask: "}})
    assert load_encoder(folder, "cpu").prompt == ""


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"prompts": {"a": "b"}, "default_prompt_name": "c"}, "default prompt 'c', but its prompts are: a"),
        ({"truncate_dim": 16}, "cuts vectors to 16 numbers"),
    ],
)
def test_settings_that_cannot_be_followed_are_refused(
    folder: Path, settings: dict[str, object], said: str
) -> None:
    write_json(folder / "config_sentence_transformers.json", settings)
    with pytest.raises(InputError, match=said):
        load_encoder(folder)


def test_a_prompt_outside_the_pooling_is_refused(folder: Path) -> None:
    settings = {"prompts": {"item": "tea "}, "default_prompt_name": "item"}
    write_json(folder / "config_sentence_transformers.json", settings)
    write_json(folder / "1_Pooling" / "config.json", {"pooling_mode": "mean", "include_prompt": False})
    with pytest.raises(InputError, match="leaves the prompt 'tea ' out of the pooling"):
        load_encoder(folder)


def test_lower_case_is_done_where_the_folder_asks(folder: Path) -> None:
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": 8, "do_lower_case": True})
    encoder = load_encoder(folder, "cpu")
    assert encoder.tokenize(["TEA"]) == encoder.tokenize(["tea"])
    assert len(encoder.tokenize(["tea " * 50])[0]) == 8


def test_text_is_cut_where_the_model_has_no_more_positions(folder: Path) -> None:
    assert load_encoder(folder, "cpu").max_tokens == 64


def test_damaged_json_is_named(folder: Path) -> None:
    (folder / "modules.json").write_text("{half")
    with pytest.raises(InputError, match=r"modules.json is not valid JSON"):
        load_encoder(folder)
