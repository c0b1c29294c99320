"""Machines with nothing in common but a real database server and a real S3 server."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from filelock import Timeout

from recsys_core import pipeline
from recsys_core.errors import InputError, OutageError, ResourceError
from recsys_core.evaluation.protocols import split_by
from recsys_core.evaluation.scoring import score_models
from recsys_core.pipeline import ImportRequest
from recsys_core.upkeep.inspection import repair
from recsys_core.workspace.forgetting import forget
from recsys_core.workspace.records import RunStatus
from recsys_core.workspace.saved import load_scorecard
from recsys_core.workspace.workspace import Workspace
from sample_data import interactions_file
from tests.postgres import Postgres
from tests.s3 import S3, SECRET
from tests.workspace.storage.conftest import Machine, fill, kept_in

pytestmark = pytest.mark.usefixtures("bucket")


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url


def test_a_machine_with_two_urls_opens_the_workspace_and_computes(tmp_path: Path, url: str) -> None:
    """The sample's books and films, imported here and scored there."""
    ws = Workspace.open(tmp_path / "here", url)
    files = tuple(interactions_file(domain) for domain in ("books", "films"))
    info = pipeline.import_logs(ws, ImportRequest.of("shop", files)).info
    there = Workspace.open(tmp_path / "there", url)
    assert there.datasets() != [info]  # it is the same version in another folder
    assert there.dataset("shop").hash == info.hash
    data = there.load_dataset("shop")
    split = split_by("cold-user", data, "films", 0)
    card = score_models([split], np.zeros((data.n_items, 1), np.float32), ["popularity"])
    there.save_result("scorecard", "shop", 1, None, card.parts(), "cold-user:films")
    read = load_scorecard(ws, "shop", 1, "cold-user", "films")
    assert read is not None
    assert read.to_json() == card.to_json()
    assert Workspace.open(tmp_path / "there", url).load_dataset("shop").n_events == info.n_events


def test_a_new_folder_needs_both_urls(
    tmp_path: Path, url: str, log: pd.DataFrame, items: pd.DataFrame, monkeypatch: pytest.MonkeyPatch, s3: S3
) -> None:
    Workspace.open(tmp_path / "here", url).save_dataset("shop", log, items, {})
    for other in (s3.new_prefix(), ""):
        monkeypatch.setenv("DRIFTMAP_STORAGE_URL", other)
        with pytest.raises(InputError, match="has the catalogue of another workspace than"):
            Workspace.open(tmp_path / "there", url)


def test_what_is_being_made_elsewhere_is_left_alone(
    tmp_path: Path, url: str, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws = Workspace.open(tmp_path / "here", url)
    fill(ws, log, items)
    there = Workspace.open(tmp_path / "there", url)
    run = ws.new_run("shop", 2, {})
    with ws.lock_of_run(run.id):
        assert there.lose_runs() == []
        assert not there.run(run.id).folder.exists()
        with pytest.raises(Timeout), there.lock_of_run(run.id):
            pass
    assert [lost.id for lost in there.lose_runs()] == [run.id]
    assert there.run(run.id).status is RunStatus.LOST


def test_a_person_is_forgotten_on_all_of_them(
    tmp_path: Path, url: str, bucket: str, s3: S3, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws = Workspace.open(tmp_path / "here", url)
    fill(ws, log, items)
    there = Workspace.open(tmp_path / "there", url)
    forget(there, "shop", "ann")
    assert kept_in(ws) == ["datasets/shop", "runs"]
    files = [path for path in s3.path(bucket).rglob("*") if path.is_file()]
    assert not any(b"ann" in path.read_bytes() for path in files)
    Workspace.open(tmp_path / "here", url)
    assert not (ws.root / "datasets" / "shop").exists()
    assert ws.load_dataset("shop").n_events == 1


def test_a_server_that_goes_away_half_way_leaves_nothing_half_saved(
    tmp_path: Path, s3: S3, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws = Workspace.open(tmp_path / "here")
    ws.save_dataset("shop", log.head(2), items, {})
    s3.stop()
    try:
        with pytest.raises(OutageError, match="did not answer for files/datasets/shop/"):
            ws.save_dataset("shop", log, items, {})
        again = Workspace.open(ws.root)  # what is on this disk can be read meanwhile
        assert [info.version for info in again.versions("shop")] == [1]
        assert again.load_dataset("shop").n_events == 2
    finally:
        s3.start()
    assert ws.save_dataset("shop", log, items, {}).version == 2


def test_no_secret_is_in_any_message_or_file(
    tmp_path: Path, machine: Machine, log: pd.DataFrame, items: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(machine("a"), log, items)
    machine("b")  # a new machine would ask the store whether it is one of the workspace's
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "an0ther-secret")
    with pytest.raises(ResourceError, match="403 Forbidden") as error:
        machine("b").delete_dataset("shop")
    held = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    held.append(str(error.value).encode())
    assert not any(secret.encode() in b"".join(held) for secret in (SECRET, "an0ther-secret"))
    assert [info.version for info in machine("b").versions("shop")] == [1, 2]


DIES = """
import os, sys
import pandas as pd
from recsys_core.workspace.storage.cloud_objects import CloudObjects
from recsys_core.workspace.workspace import Workspace
ws, put = Workspace.open(sys.argv[1]), CloudObjects.put

def dies(self, name, content):
    if name.startswith("manifests/"):
        os._exit(9)
    put(self, name, content)

CloudObjects.put = dies
log, items = (pd.read_parquet(file) for file in sys.argv[2:])
ws.save_dataset("shop", log, items, {})
"""


def test_an_upload_that_is_killed_is_never_seen(
    tmp_path: Path, machine: Machine, bucket: str, s3: S3, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    ws = machine("a")
    ws.save_dataset("shop", log.head(2), items, {})
    log.to_parquet(tmp_path / "log")
    items.to_parquet(tmp_path / "items")
    command = [sys.executable, "-c", DIES, ws.root, tmp_path / "log", tmp_path / "items"]
    assert subprocess.run(command, check=False).returncode == 9
    assert len(list((s3.path(bucket) / "files" / "datasets" / "shop").iterdir())) == 2
    assert [info.version for info in machine("a").versions("shop")] == [1]
    assert machine("b").load_dataset("shop").n_events == 2
    mended = repair(ws, old=0.0)
    assert [fault.kind for fault in mended.repaired] == ["half-published"]
    assert len(list((s3.path(bucket) / "files" / "datasets" / "shop").iterdir())) == 1
    assert ws.save_dataset("shop", log, items, {}).version == 2
