from typing import Literal

import numpy as np
import pandas as pd
import pytest
from starlette.testclient import TestClient

from recsys_core import pipeline
from recsys_core.evaluation.scorecard import ModelScore, Scorecard
from recsys_core.http.prepared import Key
from recsys_core.http.service import Service
from recsys_core.recommend.paired import Interval
from recsys_core.recommend.transfer import Verdict
from recsys_core.workspace.workspace import Workspace
from tests.http.conftest import Connect, save_shop

PATH = "/api/recommendations"
KITCHEN = {"dataset": "shop", "domain": "kitchen"}


def test_a_user_gets_the_list_that_the_command_line_gives(client: TestClient, shop: Workspace) -> None:
    answer = client.get(PATH, params=KITCHEN | {"user": "u00", "k": "2"})
    frame = pipeline.recommend(shop, "shop", "kitchen", ["u00"], k=2)

    assert answer.status_code == 200
    told = answer.json()
    assert [row["item_id"] for row in told["recommendations"]] == frame["item_id"].tolist()
    np.testing.assert_allclose([row["score"] for row in told["recommendations"]], frame["score"], rtol=1e-5)
    assert (told["who"], told["version"], told["run"]) == ({"user": "u00"}, 1, None)
    assert (told["recommender"], told["transfer"]) == ("blend", None)
    assert told["data_hash"] == shop.dataset("shop").hash


def test_reasons_add_up_to_the_score(client: TestClient) -> None:
    for row in client.get(PATH, params=KITCHEN | {"user": "u00"}).json()["recommendations"]:
        told = sum(reason["amount"] for reason in row["reasons"]) + row["other_reasons"]
        assert told == pytest.approx(row["score"], abs=1e-4)


def test_a_newcomer_is_known_by_picks_or_by_words(client: TestClient) -> None:
    picked = client.get(PATH, params=KITCHEN | {"items": "tea 1, tea 2", "k": "3"}).json()
    typed = client.get(PATH, params=KITCHEN | {"text": "a big mug", "k": "1"}).json()

    assert picked["who"] == {"items": ["tea 1", "tea 2"]}
    assert any(row["item_id"].startswith("cup") for row in picked["recommendations"])
    assert typed["who"] == {"text": "a big mug"}
    assert typed["recommendations"][0]["title"].startswith("mug")


def test_what_should_be_known_of_a_list_is_told(client: TestClient) -> None:
    note = client.get(PATH, params=KITCHEN | {"text": "ᚠᚢᚦᚨᚱᚲ"}).json()["note"]
    assert note.startswith("The text encoder knows none of these signs")


@pytest.mark.parametrize(
    ("asked", "status", "detail"),
    [
        ({"dataset": "none", "user": "u00"}, 404, "There is no dataset 'none' in this workspace."),
        ({"domain": "garden", "user": "u00"}, 404, "There is no domain 'garden' in 'shop'."),
        ({"user": "nobody"}, 404, "No user 'nobody' in dataset 'shop'."),
        ({"items": "tea 1,soap"}, 404, "No item 'soap' in dataset 'shop'."),
        ({"user": "u00", "run": "run-9"}, 404, "There is no run 'run-9' in this workspace."),
        ({"user": "u00", "version": "9"}, 404, "Dataset 'shop' has no version 9."),
        ({"text": "x" * 10_001}, 422, "The text has 10,001 characters; 10,000 are read at most."),
        ({"user": "u00", "k": "101"}, 400, "k is '101'."),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: TestClient, asked: dict[str, str], status: int, detail: str
) -> None:
    answer = client.get(PATH, params=KITCHEN | asked)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == detail
    assert answer.json()["remedy"]


def test_a_run_that_is_not_finished_cannot_be_used(connect: Connect, ws: Workspace) -> None:
    save_shop(ws)
    run = ws.new_run("shop", 1, {})
    answer = connect(ws.root, Service()).get(PATH, params=KITCHEN | {"user": "u00", "run": run.id})
    assert answer.status_code == 422
    assert "is not a finished run on version 1 of 'shop'" in answer.json()["detail"]


def test_without_evidence_of_transfer_a_history_gets_what_is_popular(
    connect: Connect, ws: Workspace, service: Service
) -> None:
    save_shop(ws)
    save_verdict(ws, "none")
    client = connect(ws.root, service)

    known = client.get(PATH, params=KITCHEN | {"user": "u00"}).json()
    typed = client.get(PATH, params=KITCHEN | {"text": "mug"}).json()
    assert (known["recommender"], known["transfer"]["transfer"]) == ("recent-popularity", "none")
    assert typed["recommender"] == "blend"

    save_verdict(ws, "gain")
    assert client.get(PATH, params=KITCHEN | {"user": "u00"}).json()["recommender"] == "blend"


def test_recommenders_of_a_version_that_is_gone_are_let_go(
    connect: Connect, ws: Workspace, service: Service
) -> None:
    save_shop(ws)
    client = connect(ws.root, service)
    assert client.get(PATH, params=KITCHEN | {"user": "u00"}).status_code == 200
    before = len(service.prepared)

    pipeline.forget(ws, "shop", "u00")
    assert client.get(PATH, params=KITCHEN | {"user": "u00"}).status_code == 404
    assert client.get(PATH, params=KITCHEN | {"user": "u01"}).json()["version"] == 2
    assert len(service.prepared) == before
    assert Key(ws.root, "shop", 1, "kitchen", None) not in service.prepared


def save_verdict(ws: Workspace, transfer: Literal["gain", "none"]) -> None:
    """A scorecard of which only the verdict matters."""
    score = ModelScore("blend", {"ndcg@10": Interval(0.2, 0.1, 0.3)}, 1.0, 1.0, "")
    verdict = Verdict(transfer, 1.2, 0.9, 1.5, "popularity")
    frame = pd.DataFrame({"user": [0]})
    card = Scorecard("cold-user", "kitchen", ("food",), "x", 40, 5, (0,), (score,), verdict, frame)
    ws.save_result("scorecard", "shop", 1, None, card.parts(), "cold-user:kitchen")
