import json

import pytest


def test_ray_is_refused_with_what_to_use_instead(driftmap):
    code, out, _ = driftmap("finetune", "--dataset", "d", "--backend", "ray", "--json")
    assert code == 2
    assert json.loads(out) == {
        "error": "--backend ray isn't available in this version.",
        "remedy": "Use --backend local, which this machine runs.",
    }


@pytest.mark.usefixtures("ws")
def test_an_unknown_dataset_is_refused_before_a_job_is_made(driftmap):
    code, out, _ = driftmap("finetune", "--dataset", "nope", "--background", "--json")
    assert code == 2
    assert "There is no dataset 'nope'" in json.loads(out)["error"]
    assert json.loads(driftmap("jobs", "ls", "--json")[1]) == {"jobs": []}
