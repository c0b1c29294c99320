from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import HOME
from pages.ui.score_words import verdict_sentence
from recsys_core.evaluation.scorecard import Interval, ModelScore, Scorecard, Verdict
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import transfer

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.mark.usefixtures("ws")
def test_the_first_sight_offers_two_ways_to_begin(open_page: Open, text_of: Text) -> None:
    at = open_page(HOME)

    assert at.title[0].value == "Driftmap"
    assert [button.label for button in at.main.button] == ["Load the demo"]
    assert "Bring your own logs" in text_of(at)


def test_a_demo_under_way_is_shown_instead_of_its_button(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    Ledger(ws).submit("demo", {}, "Load the demo", "")

    at = open_page(HOME)

    assert "**Load the demo** · waiting" in text_of(at)
    assert [button.label for button in at.main.button] == ["Cancel"]


@pytest.mark.usefixtures("shop")
def test_a_dataset_is_summed_up_with_its_next_step(open_page: Open, text_of: Text) -> None:
    at = open_page(HOME)

    assert "shop: food and kitchen, January 2024 to March 2024. No model yet." in text_of(at)
    assert {m.label: m.value for m in at.metric} == {
        "Users": "60",
        "Items": "9",
        "Events": "235",
        "Domains": "2",
    }
    assert "**Next step.** Teach a language model how your users move between items." in text_of(at)
    assert "The busiest month was March 2024, with 115 events" in text_of(at)


def test_a_verdict_is_a_finding(ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text) -> None:
    score = ModelScore("blend", {"ndcg@10": Interval(0.2, 0.1, 0.3)}, 1.0, 100.0)
    verdict = Verdict("gain", 1.4, 1.2, 1.6, "recent-popularity")
    frame = pd.DataFrame({"seed": [0], "user": [0], "n_known": [1], "n_truth": [1], "blend ndcg@10": [0.2]})
    card = Scorecard("cold-user", "kitchen", ("food",), "x", 40, 4, (0,), (score,), verdict, frame)
    ws.save_result("scorecard", shop.name, shop.version, None, card.parts(), "cold-user:kitchen")

    assert verdict_sentence(card) in text_of(open_page(HOME))


def test_where_transfer_helps_is_a_finding(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    ws.save_result("transfer", shop.name, shop.version, None, transfer().parts())

    assert "Transfer helps in 2 of 5 directions, harms in 1." in text_of(open_page(HOME))
