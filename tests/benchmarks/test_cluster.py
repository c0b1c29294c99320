"""What a cluster that loses processes, its head and gains a node does to a fine-tune; a few minutes."""

import subprocess
import time
from pathlib import Path

import pandas as pd
import psutil
import pytest
from sqlalchemy import make_url

from recsys_core.jobs.cluster import Cluster
from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.jobs.reaper import reap
from recsys_core.pipeline import FinetuneOptions, finetune, load_map
from tests.encoder.tiny import tiny_model
from tests.jobs.small_cluster import small_cluster
from tests.jobs.test_finetune_job import library, measured, until_taught
from tests.jobs.waiting import until
from tests.postgres import PASSWORD, Postgres

LIMIT = 400.0


def trainers() -> list[psutil.Process]:
    """The processes of Ray Train on this machine."""
    named = (process for process in psutil.process_iter(["cmdline"]) if process.info["cmdline"])
    return [process for process in named if "RayTrainWorker" in process.info["cmdline"][0]]


def until_lost(ledger: Ledger, job_id: int) -> Job:
    """Have the reaper look until it finds the job lost, or the job has ended otherwise."""
    end = time.monotonic() + LIMIT
    while not (job := ledger.job(job_id)).ended and time.monotonic() < end:
        reap(ledger._place)
        time.sleep(0.5)
    return job


def test_a_fine_tune_survives_what_becomes_of_its_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")
    monkeypatch.setenv("DRIFTMAP_PROCESSES", "2")
    params = {"dataset": "library", "mode": "full", "epochs": 4, "seed": 1}
    params["encoder"] = str(tiny_model(tmp_path / "tiny", "bert"))
    found: dict[str, object] = {}
    with small_cluster() as cluster:
        monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", cluster.address)
        for name in ("unbroken", "a process lost", "the head lost"):
            ws = library(tmp_path / name.replace(" ", "-"), n_texts=1000, n_users=600)  # an epoch to be met
            ledger = Ledger(ws)
            job = submit_local(ws, "finetune", params)
            if name != "unbroken":
                until_taught(ledger, job.id)
            if name == "a process lost":
                trainers()[-1].kill()
            if name == "the head lost":
                cluster.tell("restart")
                assert until_lost(ledger, job.id).resumable
                ledger.resume(job.id)
            found[name] = measured(until(ledger, job.id, Status.FINISHED, seconds=LIMIT))
            told = ledger.events(job.id, kind="log")["message"].tolist()
            print(name, told)
            assert any(line.startswith("Going on after epoch") for line in told) == (name != "unbroken")
        cluster.tell("node")
        assert Cluster(cluster.address).size().nodes == 3
        monkeypatch.setenv("DRIFTMAP_PROCESSES", "3")
        job = submit_local(ws, "finetune", params | {"seed": 2, "epochs": 1})
        until(ledger, job.id, Status.FINISHED, seconds=LIMIT)
        told = ledger.events(job.id, kind="log")["message"].tolist()
        assert "3 processes train together." in told
        family = cluster.processes()
    assert found["a process lost"] == found["the head lost"] == found["unbroken"]
    assert psutil.wait_procs(family, timeout=10)[1] == []


def nodes_of_parts(address: str) -> list[str]:
    """On which node each part of work was done that the cluster was given."""
    from ray.util.state import list_tasks

    return [task.node_id for task in list_tasks(address=address, limit=1000) if task.name == "_do"]


def test_profiles_and_lists_are_made_by_several_nodes_as_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")
    ws = library(tmp_path / "ws", n_users=5000)  # enough for several parts
    finetune(ws, "library", FinetuneOptions(mode="head", epochs=1))
    (tmp_path / "ids.txt").write_text("\n".join(f"u{user}" for user in range(1500)))
    lists = {"dataset": "library", "domain": "books", "k": 5, "users": str(tmp_path / "ids.txt")}
    found = []
    with small_cluster() as cluster:
        monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", cluster.address)
        for name, device in (("there", None), ("here", "cpu")):
            out = tmp_path / f"{name}.parquet"
            before = len(nodes_of_parts(cluster.address))
            for kind, params in (("interests", {"dataset": "library"}), ("lists", lists | {"out": str(out)})):
                job = submit_local(ws, kind, params, device=device)
                until(Ledger(ws), job.id, Status.FINISHED, seconds=LIMIT)
                nodes = nodes_of_parts(cluster.address)[before:]
                print(f"{name}, up to {kind}: {len(nodes)} parts by tasks on {len(set(nodes))} node(s)")
                assert bool(nodes) == (name == "there")
            drawn = load_map(ws, "library", 1, "run-1")
            assert drawn is not None
            found.append((drawn.users, pd.read_parquet(out)))
    for there, here in zip(*found, strict=True):
        pd.testing.assert_frame_equal(there, here, check_exact=True)


IN_PLACE_OF = 'mount --bind "$0" "$1" && shift && exec "$@"'
"""A folder in the place of another, for this process and its children alone."""


@pytest.mark.usefixtures("bucket")
def test_a_node_without_the_folder_fetches_and_publishes_by_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Postgres
) -> None:
    root, node, tiny = (tmp_path / name for name in ("ws", "node", "tiny"))
    root.mkdir()
    node.mkdir()
    apart = ["unshare", "--mount", "sh", "-c", IN_PLACE_OF, str(node), str(root)]
    if subprocess.run([*apart, "true"], check=False).returncode:
        pytest.skip("this machine lets nobody see another folder in the place of one (unshare, mount)")
    params = {"dataset": "library", "mode": "full", "epochs": 1, "seed": 1}
    params["encoder"] = str(tiny_model(tiny, "bert"))
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    with postgres.database() as url, small_cluster(apart) as cluster:
        monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", cluster.address)
        monkeypatch.setenv("DRIFTMAP_DATABASE_URL", postgres.url(str(make_url(url).database), password=None))
        ws = library(root)
        there = until(Ledger(ws), submit_local(ws, "finetune", params).id, Status.FINISHED, seconds=LIMIT)
        found = submit_local(ws, "interests", {"dataset": "library"})
        until(Ledger(ws), found.id, Status.FINISHED, seconds=LIMIT)
        assert list(node.glob("datasets/library/*/.stored")) != []
        assert {path.name for path in (node / "jobs").glob("*.log")} == {"1.log", "2.log"}
        assert list(root.glob("runs/*/*")) == list(root.glob("results/*/*")) == []
        assert load_map(ws, "library", 1, there.result["run"]) is not None
        monkeypatch.delenv("DRIFTMAP_RAY_ADDRESS")
        monkeypatch.delenv("DRIFTMAP_DATABASE_URL")
        monkeypatch.delenv("DRIFTMAP_STORAGE_URL")
        other = library(tmp_path / "other")
        here = until(
            Ledger(other), submit_local(other, "finetune", params).id, Status.FINISHED, seconds=LIMIT
        )
        assert measured(there) == measured(here)


def test_processes_placed_by_the_cluster_learn_what_those_of_one_machine_learn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_PROCESSES", "2")
    monkeypatch.setenv("DRIFTMAP_DEVICE", "cpu")
    params = {"dataset": "library", "mode": "full", "epochs": 1, "seed": 1}
    params["encoder"] = str(tiny_model(tmp_path / "tiny", "bert"))
    found = []
    with small_cluster() as cluster:
        monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", cluster.address)
        for name, device in (("there", None), ("here", "cpu")):
            ws = library(tmp_path / name)
            job = submit_local(ws, "finetune", params, device=device)
            found.append(measured(until(Ledger(ws), job.id, Status.FINISHED, seconds=LIMIT)))
            told = Ledger(ws).events(job.id, kind="log")["message"].tolist()
            assert told.count("2 processes train together.") == 1
    assert found[0] == found[1]
