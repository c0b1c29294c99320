import json
import zipfile
from io import BytesIO

import pandas as pd
import pytest

from recsys_core.errors import NotFoundError
from recsys_core.workspace.archive import archive_run, has_encoder
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace


@pytest.fixture
def run(ws: Workspace, log: pd.DataFrame, items: pd.DataFrame) -> RunInfo:
    ws.save_dataset("shop", log, items, {})
    run = ws.finish_run(ws.new_run("shop", 1, {"mode": "full"}).id, {"seconds": 3.0})
    for name in ("interest_model.safetensors", "validation.parquet", "checkpoint.safetensors"):
        (run.folder / name).write_bytes(b"x")
    (run.folder / "encoder").mkdir()
    (run.folder / "encoder" / "config.json").write_text("{}")
    (run.folder / "encoder" / "2_Normalize").mkdir()
    (run.folder / "pretrained").mkdir()
    (run.folder / "pretrained" / "config.json").write_text("{}")
    return run


def test_a_run_is_taken_away_with_its_encoder_and_record_but_nothing_about_people(run: RunInfo) -> None:
    out = BytesIO()
    archive_run(run, out)

    with zipfile.ZipFile(out) as archive:
        assert sorted(archive.namelist()) == [
            "run-1/encoder/",
            "run-1/encoder/2_Normalize/",
            "run-1/encoder/config.json",
            "run-1/interest_model.safetensors",
            "run-1/run.json",
        ]
        record = json.loads(archive.read("run-1/run.json"))
    assert (record["name"], record["options"], record["metrics"]) == (
        "run 1",
        {"mode": "full"},
        {"seconds": 3.0},
    )
    assert has_encoder(run)


def test_a_run_whose_folder_is_empty_cannot_be_taken_away(run: RunInfo) -> None:
    for path in sorted(run.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()

    with pytest.raises(NotFoundError, match="run 1 has no files"):
        archive_run(run, BytesIO())
