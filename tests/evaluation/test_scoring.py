import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.errors import InputError, NotEnoughDataError, ResourceError
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.scoring import score_models
from recsys_core.evaluation.splits import Split, cold_user_split
from recsys_core.progress import Silent
from recsys_core.recommend.item_knn import ItemKnn
from tests.recommend.shop import dataset, row, rows_of, vectors

SHOP = dataset(rows_of(200))
KITCHEN = SHOP.domain_index("kitchen")
NAMES = ("popularity", "recent-popularity", "item-knn", "blend")
SPLITS = [cold_user_split(SHOP, KITCHEN, seed=seed) for seed in (0, 1)]


@dataclass(frozen=True)
class KnowsTheTaste:
    """Tea people want cups, coffee people mugs."""

    tea: int

    def score(self, histories: Sequence[History], target: int) -> NDArray[np.float32]:
        tea, coffee = [3, 2, 0, 0, 4], [0, 0, 3, 2, 4]
        wants = [tea if self.tea in h.items else coffee for h in histories]
        assert target == KITCHEN
        return np.array(wants, np.float32).reshape(-1, 5)


@pytest.fixture(scope="module")
def card() -> Scorecard:
    return score_models(SPLITS[:1], vectors(SHOP), NAMES)


def test_the_fixed_document(card: Scorecard) -> None:
    document = json.loads(json.dumps(card.to_json()))
    assert list(document) == [
        *("protocol", "target", "sources", "split_hash", "n_users", "n_candidates", "tie_rule", "seeds"),
        *("models", "best", "verdict", "refused"),
    ]
    assert document["protocol"] == "cold-user"
    assert document["target"] == "kitchen"
    assert document["sources"] == ["food"]
    assert document["split_hash"] == SPLITS[0].hash
    assert document["n_users"] == 40
    assert document["n_candidates"] == 5
    assert document["tie_rule"] == "against the model"
    assert document["seeds"] == [0]
    assert {model["name"] for model in document["models"]} == set(NAMES)
    for model in document["models"]:
        assert list(model) == ["name", "metrics", "fit_seconds", "peak_rss_mb"]
        assert list(model["metrics"]) == ["ndcg@10", "recall@10", "hit@10", "mrr@10"]
        for interval in model["metrics"].values():
            assert 0 <= interval["low"] <= interval["mean"] <= interval["high"] <= 1
        assert model["fit_seconds"] > 0
        assert model["peak_rss_mb"] > 10
    assert document["best"] == document["models"][0]["name"]
    assert list(document["verdict"]) == ["transfer", "ratio", "low", "high", "against"]


def test_planted_taste_is_a_gain(card: Scorecard) -> None:
    assert card.verdict is not None
    assert card.verdict.transfer == "gain"
    assert card.verdict.low > 1
    assert card.model("blend").metrics["ndcg@10"].mean > card.model("popularity").metrics["ndcg@10"].mean


def test_popularity_by_hand(card: Scorecard) -> None:
    # The spoon first, then four wares: only their order is left to luck, and every list holds all truth.
    found = card.model("popularity").metrics
    assert (found["recall@10"].mean, found["hit@10"].mean, found["mrr@10"].mean) == (1, 1, 1)
    assert 0.8 < found["ndcg@10"].mean < 1


def test_comes_back_from_its_parts(card: Scorecard) -> None:
    again = Scorecard.from_parts(card.parts())
    assert again.to_json() == card.to_json()
    assert again.per_user.equals(card.per_user)
    assert [m.choices for m in again.models] == [m.choices for m in card.models]


def test_per_user_rows_carry_the_means(card: Scorecard) -> None:
    assert card.per_user["user"].tolist() == SPLITS[0].test.users.tolist()
    assert card.per_user["n_known"].tolist() == [2] * 40
    assert card.per_user["item-knn ndcg@10"].mean() == pytest.approx(
        card.model("item-knn").metrics["ndcg@10"].mean
    )


def test_two_seeds_and_a_model() -> None:
    trained: list[int] = []

    def train(split: Split) -> KnowsTheTaste:
        trained.append(split.seed)
        return KnowsTheTaste(row(SHOP, "tea 1"))

    two = score_models(SPLITS, vectors(SHOP), (*NAMES, "interest-model"), train)
    assert trained == [0, 1]
    assert two.seeds == (0, 1)
    assert two.split_hash == f"{SPLITS[0].hash}-{SPLITS[1].hash}"
    assert two.n_users == len(set(SPLITS[0].test.users) | set(SPLITS[1].test.users))
    assert len(two.per_user) == 80
    assert "interest-model" in {model.name for model in two.models}
    taste = two.model("interest-model").metrics["ndcg@10"].mean
    assert taste >= two.model("popularity").metrics["ndcg@10"].mean


def test_no_transfer_to_find_is_none() -> None:
    rng = np.random.default_rng(5)
    strangers = dict(zip(range(200), rng.permutation(200).tolist(), strict=True))
    log = [
        (f"u{strangers[int(user[1:])]:02d}" if domain == "food" else f"u{int(user[1:]):02d}", domain, *rest)
        for user, domain, *rest in rows_of(200)
    ]
    shop = dataset(log)  # type: ignore[arg-type]
    found = score_models([cold_user_split(shop, KITCHEN)], vectors(shop), ("popularity", "blend"))
    assert found.verdict is not None
    assert found.verdict.transfer == "none"


def test_without_blend_no_verdict() -> None:
    found = score_models(SPLITS[:1], vectors(SHOP), ("popularity", "text-match"))
    assert found.verdict is None
    assert [model.name for model in found.models] == ["popularity", "text-match"]


def test_unknown_model_and_missing_model() -> None:
    with pytest.raises(InputError, match="There is no recommender 'magic'"):
        score_models(SPLITS, vectors(SHOP), ("magic",))
    with pytest.raises(NotEnoughDataError, match="There is no interest model to score"):
        score_models(SPLITS, vectors(SHOP), ("interest-model",))


def test_what_does_not_fit_into_memory_is_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Told(Silent):
        lines: ClassVar[list[str]] = []

        def log(self, message: str) -> None:
            self.lines.append(message)

    monkeypatch.setattr(ItemKnn, "bytes_needed", lambda *_: 10**18)
    card = score_models(SPLITS[:1], vectors(SHOP), NAMES, progress=Told())
    assert {model.name for model in card.models} == {"popularity", "recent-popularity", "blend"}
    assert "item-knn would take about 1,000,000,000.0 GB" in card.refused["item-knn"]
    assert Told.lines == [f"Left out: {card.refused['item-knn']}"]
    assert Scorecard.from_parts(card.parts()).refused == card.refused
    with pytest.raises(ResourceError, match="item-knn would take"):
        score_models(SPLITS[:1], vectors(SHOP), ("item-knn",))
