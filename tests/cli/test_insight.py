import json

import pytest


@pytest.mark.usefixtures("ws")
@pytest.mark.parametrize("command", ["interests", "migrate", "evaluate --target x", "transfer"])
def test_an_unknown_dataset_is_refused_before_a_job_is_made(driftmap, command):
    code, out, _ = driftmap(*command.split(), "--dataset", "nope", "--json")
    assert code == 2
    assert "There is no dataset 'nope'" in json.loads(out)["error"]
    assert json.loads(driftmap("jobs", "ls", "--json")[1]) == {"jobs": []}
