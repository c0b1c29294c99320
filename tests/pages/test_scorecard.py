from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import SCORECARD
from recsys_core.jobs.ledger import Ledger
from recsys_core.recommend.registry import DEFAULTS
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import save_found, scorecard, transfer

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.mark.usefixtures("shop")
def test_without_a_scorecard_a_button_makes_it(ws: Workspace, open_page: Open) -> None:
    at = open_page(SCORECARD, target="kitchen")
    at.button(key="start-evaluate").click().run()
    (job,) = Ledger(ws).jobs(10)
    expected = {"dataset": "shop", "target": "kitchen", "protocol": "cold-user", "run": None}
    assert (job.kind, job.params) == ("evaluate", expected)


def test_slow_baselines_are_scored_where_they_are_asked_for(
    ws: Workspace, shop: DatasetInfo, open_page: Open
) -> None:
    ws.save_result("scorecard", "shop", shop.version, None, scorecard().parts(), "cold-user:kitchen")
    at = open_page(SCORECARD, target="kitchen")
    at.multiselect(key="also-score").select("sasrec").run()
    at.button(key="start-evaluate").click().run()
    (job,) = Ledger(ws).jobs(10)
    assert job.params["models"] == [*DEFAULTS, "sasrec"]


@pytest.mark.parametrize(
    ("transfer", "sentence"),
    [
        (
            "gain",
            "For people new to *kitchen*, recommendations are 1.50 × as good as popularity (1.20 to 1.80).",
        ),
        ("none", "No evidence of transfer to *kitchen*: the blend is 1.03 × as good as popularity"),
        ("harm", "For *kitchen*, popularity is better: the blend is only 0.80 × as good"),
    ],
)
def test_the_verdict_is_a_sentence(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text, transfer: str, sentence: str
) -> None:
    ws.save_result("scorecard", "shop", shop.version, None, scorecard(transfer).parts(), "cold-user:kitchen")
    text = text_of(open_page(SCORECARD, target="kitchen")).replace("\u00a0", " ")
    assert sentence in text


def test_every_number_has_its_basis(ws: Workspace, shop: DatasetInfo, open_page: Open) -> None:
    save_found(ws, shop)
    at = open_page(SCORECARD, target="kitchen")
    tables = [table.value for table in at.dataframe]
    models = next(t for t in tables if "Recommender" in t)
    assert models["Recommender"].tolist() == ["Blend of all", "Popular lately"]
    assert models["NDCG@10"].tolist() == ["0.0600 (0.0500–0.0700)", "0.0400 (0.0300–0.0500)"]
    assert models["× popular lately"].tolist() == ["1.50 (1.20–2.00)", "1.00 (0.80–1.33)"]
    assert models["One person (ms)"].tolist() == [0.2, 0.2]
    trust = next(t for t in tables if "What" in t).set_index("What")["Value"]
    assert trust["Split"] == "abc123"
    assert (trust["Fine-tuned model"], trust["Made by"]) == ("none", "Driftmap 0.1.0")
    assert trust["Ties"] == "against the model"
    assert trust["People tested"].startswith("11, none of whose events in kitchen")


def test_beside_popularity(ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text) -> None:
    save_found(ws, shop)
    at = open_page(SCORECARD, target="kitchen")
    assert "Blend of all is best by NDCG@10" in text_of(at)
    at.selectbox(key="compared").select("popularity").run()
    assert "1 of 1 are surely above Popular lately by NDCG@10" in text_of(at)
    at.selectbox(key="metric").select("hit@10").run()
    assert at.selectbox(key="compared").options == ["the value itself"]
    assert not at.exception


def test_a_scorecard_of_an_earlier_version_is_still_shown(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    parts = scorecard().parts()
    for name in ("references", "cold_curve", "slices", "gaps", "made_from"):
        del parts.document[name]
    for model in parts.document["models"]:
        del model["compared"], model["ms_per_user"]
    ws.save_result("scorecard", "shop", shop.version, None, parts, "cold-user:kitchen")
    at = open_page(SCORECARD, target="kitchen")
    assert "An earlier version saved this scorecard" in text_of(at)
    assert not at.exception


@pytest.mark.usefixtures("shop")
def test_the_transfer_matrix_is_made_by_a_button_also_without_a_scorecard(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    at = open_page(SCORECARD, target="kitchen")
    assert "2 directions are measured, which takes 4 seconds" in text_of(at)
    at.button(key="start-transfer").click().run()
    (job,) = Ledger(ws).jobs(10)
    assert (job.kind, job.params) == ("transfer", {"dataset": "shop", "run": None})


def test_where_transfer_helps(ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text) -> None:
    ws.save_result("transfer", "shop", shop.version, None, transfer().parts())
    at = open_page(SCORECARD, target="kitchen")
    assert "Transfer helps in 2 of 5 directions, harms in 1." in text_of(at)
    save_found(ws, shop)
    at = open_page(SCORECARD, target="kitchen")
    assert "[Between all domains](#where-transfer-helps): Transfer helps in 2 of 5" in text_of(at)
    table = next(t.value for t in at.dataframe if "q (corrected)" in t.value)
    assert table["Verdict"].tolist().count("helps") == 3
    assert not at.exception


def test_newcomers_groups_and_cost(ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text) -> None:
    save_found(ws, shop)
    at = open_page(SCORECARD, target="kitchen")
    text = text_of(at)
    assert "What the first titles teach" in text
    assert "Whether they took what many take: 2 groups" in text
    assert "1 of 1 recommenders have a larger gap than chance" in text
    assert at.selectbox(key="slice").options == [
        "Whether they took what many take",
        "The brand of what they took",
        "Their country",
    ]
    assert "serves people unequally: by their country, **NL** is ahead of **BE** by 0.2000" in text
    assert "What it costs" in text
    costs = next(t.value for t in at.dataframe if "One person (ms)" in t.value and "People" not in t.value)
    assert costs["One person (ms)"].tolist() == [0.2, 0.2]
    assert not at.exception
