from pathlib import Path

import pytest

from recsys_core.encoder.finding import encoders_here
from recsys_core.encoder.loading import load_encoder
from recsys_core.errors import InputError
from tests.encoder.tiny import tiny_model, write_json


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub, and no hub to be reached."""
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setenv("DRIFTMAP_WORKSPACE", str(tmp_path / "workspace"))
    (tmp_path / "hub").mkdir()
    return tmp_path / "hub"


def cached_model(hub: Path, name: str) -> Path:
    """A tiny model laid down as the hub's client would have downloaded it."""
    repo = hub / f"models--{name.replace('/', '--')}"
    (repo / "refs").mkdir(parents=True)
    (repo / "refs" / "main").write_text("0" * 40)
    return tiny_model(repo / "snapshots" / ("0" * 40), "bert")


def test_a_model_in_the_hubs_cache_is_loaded_without_the_hub(hub_cache: Path) -> None:
    cached_model(hub_cache, "shop/tiny")
    encoder = load_encoder("shop/tiny", "cpu")
    assert (encoder.name, encoder.dim) == ("shop/tiny", 32)


def test_without_a_hub_the_encoders_on_this_machine_are_named(hub_cache: Path, tmp_path: Path) -> None:
    cached_model(hub_cache, "shop/tiny")
    pickled = cached_model(hub_cache, "shop/pickled")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    tuned = tmp_path / "workspace" / "runs" / "run-1" / "encoder"
    write_json(tuned / "modules.json", [])
    assert encoders_here() == ["all-MiniLM-L6-v2", "shop/tiny", str(tuned)]
    with pytest.raises(InputError, match=r"hub could not be reached.*there is all-MiniLM-L6-v2, shop/tiny, "):
        load_encoder("shop/absent")


def test_without_a_cache_there_is_the_packaged_encoder(hub_cache: Path) -> None:
    hub_cache.rmdir()
    assert encoders_here() == ["all-MiniLM-L6-v2"]


@pytest.mark.usefixtures("hub_cache")
def test_an_id_that_cannot_be_one_is_refused() -> None:
    with pytest.raises(InputError, match=r"the hub gives out no such model.*all-MiniLM-L6-v2"):
        load_encoder("no such / encoder / anywhere")
