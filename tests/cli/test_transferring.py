import json

import pytest

from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import save_shop


@pytest.fixture
def shop(ws: Workspace) -> Workspace:
    """55 people in food and kitchen, whose taste does not carry over."""
    save_shop(ws)
    return ws


def test_every_direction_as_a_document_and_as_a_table(shop, driftmap):
    code, out, _ = driftmap("transfer", "--dataset", "shop", "--json")
    document = json.loads(out)
    assert code == 0
    assert (document["protocol"], document["correction"], document["seeds"]) == (
        *("cold-user", "Benjamini-Hochberg"),
        [0],
    )
    assert [(one["sources"], one["target"], one["n_shared"]) for one in document["directions"]] == [
        (["kitchen"], "food", 55),
        (["food"], "kitchen", 55),
    ]
    assert all(one["low"] <= one["ratio"] <= one["high"] for one in document["directions"])
    code, out, _ = driftmap("transfer", "--dataset", "shop", "--targets", "kitchen", "--seeds", "2")
    lines = out.splitlines()
    assert (code, len(lines)) == (0, 3)
    assert lines[1].split()[:3] == ["food", "kitchen", "55"]
    assert lines[2].startswith("Verdicts are corrected for their number")
    assert [job.kind for job in Ledger(shop).jobs()] == ["transfer", "transfer"]


@pytest.mark.usefixtures("shop")
def test_an_unknown_target_is_a_sentence(driftmap):
    code, out, _ = driftmap("transfer", "--dataset", "shop", "--targets", "toys", "--json")
    assert code == 2
    assert json.loads(out)["error"] == "There is no domain 'toys' in 'shop'."
