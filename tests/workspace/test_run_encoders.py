from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from recsys_core.encoder import saving
from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.workspace.recording import record_encoder
from recsys_core.workspace.records import RunInfo, RunStatus
from tests.encoder.tiny import TEXTS, tiny_model

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
    options = {"split_hash": "abc123"}
    now = datetime.now(UTC)
    return RunInfo("run-1", "run 1", "shop", 3, RunStatus.RUNNING, now, None, options, {}, folder, False)


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
