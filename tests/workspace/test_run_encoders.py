from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from recsys_core.encoder import saving
from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.errors import InputError
from recsys_core.workspace.records import RunInfo, RunStatus
from recsys_core.workspace.run_encoders import (
    is_pretrained,
    keep_pretrained,
    load_chosen_encoder,
    load_first_encoder,
    load_own_encoder,
    record_encoder,
)
from recsys_core.workspace.storage.storage import Kept, LocalDisk
from recsys_core.workspace.workspace import Workspace
from tests.encoder.tiny import TEXTS, tiny_model

pytestmark = pytest.mark.one_database  # opens no catalogue, or those of two workspaces

METRICS = {
    "validation_ndcg@10": 0.05,
    "validation_low": 0.04,
    "validation_high": 0.06,
    "validation_users": 90,
}


@pytest.fixture
def run(tmp_path: Path) -> RunInfo:
    folder = tmp_path / "run-1"
    folder.mkdir()
    options = {"split_hash": "abc123", "mode": "full"}
    now, kept = datetime.now(UTC), Kept(LocalDisk(tmp_path), "run-1")
    return RunInfo("run-1", "run 1", "shop", 3, RunStatus.RUNNING, now, None, options, {}, kept, False)


@pytest.fixture
def encoder(tmp_path: Path) -> TextEncoder:
    folder = tiny_model(tmp_path / "base", "gpt2")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")
    return load_encoder(folder, "cpu")


def test_an_encoder_is_recorded_with_what_made_it(run: RunInfo, encoder: TextEncoder) -> None:
    record_encoder(encoder, run, METRICS)
    card = (run.folder / "encoder" / "README.md").read_text()
    for said in ("*shop* (version\n3)", 'license: "mit"', "cold-user", "abc123", "0.0500 (0.0400 to 0.0600)"):
        assert said in card
    again = load_encoder(run.folder / "encoder", "cpu")
    np.testing.assert_allclose(again.encode(TEXTS), encoder.encode(TEXTS), atol=1e-2)
    assert [path.name for path in run.folder.iterdir()] == ["encoder"]


def test_an_encoder_is_recorded_wholly_or_not_at_all(
    run: RunInfo, encoder: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    record_encoder(encoder, run, {})
    before = (run.folder / "encoder" / "README.md").read_text()
    assert "Not measured." in before
    monkeypatch.setattr(saving, "_write", full)
    with pytest.raises(OSError, match="No space"):
        record_encoder(encoder, run, METRICS)
    assert [path.name for path in run.folder.iterdir()] == ["encoder"]
    assert (run.folder / "encoder" / "README.md").read_text() == before


def test_a_frozen_encoder_is_not_the_runs_own(run: RunInfo, encoder: TextEncoder) -> None:
    record_encoder(encoder, replace(run, options={"mode": "head"}), METRICS)
    assert list(run.folder.iterdir()) == []


def test_a_pre_trained_one_only_gets_its_card_once_it_is_measured(run: RunInfo, encoder: TextEncoder) -> None:
    head = replace(run, options={"mode": "head", "pretrain": 1})
    assert not is_pretrained(head)
    keep_pretrained(encoder, head)
    assert is_pretrained(head)
    weights, card = (run.folder / "encoder" / name for name in ("model.safetensors", "README.md"))
    before = weights.stat().st_mtime_ns
    assert "Not measured." in card.read_text()
    record_encoder(load_first_encoder(head, "cpu"), head, METRICS)
    assert "0.0500 (0.0400 to 0.0600)" in card.read_text()
    assert 'license: "mit"' in card.read_text()
    assert weights.stat().st_mtime_ns == before


def test_what_a_fine_tuned_encoder_was_before_lies_beside_it(run: RunInfo, encoder: TextEncoder) -> None:
    lora = replace(run, options={"mode": "lora", "pretrain": 1, "encoder_name": "shop/base"})
    keep_pretrained(encoder, lora)
    record_encoder(encoder, lora, METRICS)
    assert sorted(path.name for path in run.folder.iterdir()) == ["encoder", "pretrained"]
    assert load_first_encoder(lora, "cpu").folder.name == "pretrained"
    assert load_own_encoder(lora, "cpu").folder.name == "encoder"
    assert load_own_encoder(lora, "cpu").name == "shop/base"


def test_an_encoder_that_is_gone_is_named(run: RunInfo) -> None:
    with pytest.raises(InputError, match="text encoder of run 1 is gone"):
        load_own_encoder(run)
    with pytest.raises(InputError, match="text encoder of run 1 is gone"):
        load_first_encoder(replace(run, options={"mode": "head", "pretrain": 1}))


def test_an_encoder_of_another_workspace_is_refused_where_people_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = Workspace.open(tmp_path / "ours")
    folder = Workspace.open(tmp_path / "theirs").root / "runs" / "run-1" / "encoder"
    for there in (False, True):
        if there:
            tiny_model(folder, "bert")
            assert load_chosen_encoder(ws, str(folder), "cpu").dim > 0
        monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
        with pytest.raises(InputError, match="is neither a folder nor a model of this workspace"):
            load_chosen_encoder(ws, str(folder), "cpu")
        monkeypatch.delenv("DRIFTMAP_SIGN_IN")
