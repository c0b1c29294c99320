import json

import pytest

from recsys_core.jobs import local
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace
from tests.jobs.test_finetune_job import library


def test_ray_without_a_cluster_is_refused_with_what_to_do(driftmap):
    code, out, _ = driftmap("finetune", "--dataset", "d", "--backend", "ray", "--json")
    assert code == 2
    assert json.loads(out) == {
        "error": "No Ray cluster is configured.",
        "remedy": "Set DRIFTMAP_RAY_ADDRESS, e.g. to http://head:8265, or use --backend local.",
    }


@pytest.mark.usefixtures("ws")
def test_an_unknown_dataset_is_refused_before_a_job_is_made(driftmap):
    code, out, _ = driftmap("finetune", "--dataset", "nope", "--background", "--json")
    assert code == 2
    assert "There is no dataset 'nope'" in json.loads(out)["error"]
    assert json.loads(driftmap("jobs", "ls", "--json")[1]) == {"jobs": []}


def test_passes_of_pre_training_reach_the_job(driftmap, tmp_path, monkeypatch):
    monkeypatch.setattr(local, "start", lambda *_: None)
    library(tmp_path / "ws")
    command = ("finetune", "--dataset", "library", "--background", "--json", "--pretrain")
    assert driftmap(*command, "2")[0] == 0
    (job,) = Ledger(Workspace.open(tmp_path / "ws")).jobs()
    assert job.params["pretrain"] == 2
    assert driftmap(*command, "-1")[0] == 2
