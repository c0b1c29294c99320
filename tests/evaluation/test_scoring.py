import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.history import History
from recsys_core.errors import InputError, NotEnoughDataError, ResourceError
from recsys_core.evaluation.protocols import split_by
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.scoring import score_models
from recsys_core.evaluation.splits import Split, cold_user_split
from recsys_core.progress import Silent
from recsys_core.recommend.item_knn import ItemKnn
from tests.recommend.shop import dataset, row, rows_of, vectors

SHOP = dataset(rows_of(200))
KITCHEN = SHOP.domain_index("kitchen")
NAMES = ("popularity", "recent-popularity", "item-knn", "blend")
ALL = (
    *("ndcg", "recall", "hit", "mrr", "precision", "f1", "map", "auc"),
    *("novelty", "diversity", "popularity", "coverage", "gini", "popularity_lift"),
)
SPLITS = [cold_user_split(SHOP, KITCHEN, seed=seed) for seed in (0, 1)]


@dataclass(frozen=True)
class KnowsTheTaste:
    """Tea people want cups, coffee people mugs."""

    tea: int

    @property
    def item_vectors(self) -> NDArray[np.float32]:
        return vectors(SHOP)

    def states(self, histories: Sequence[History], target: int) -> NDArray[np.float32]:
        assert target == KITCHEN
        return np.array([[self.tea in h.items, self.tea not in h.items] for h in histories], np.float32)

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
        *("models", "best", "verdict", "refused", "references", "cold_curve", "slices", "gaps", "made_from"),
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
        assert list(model) == ["name", "metrics", "fit_seconds", "peak_rss_mb", "ms_per_user", "compared"]
        assert list(model["metrics"]) == [f"{name}@10" if name != "auc" else name for name in ALL]
        for name, interval in model["metrics"].items():
            assert interval["low"] <= interval["mean"] <= interval["high"]
            if not name.startswith(("novelty", "popularity_lift")):
                assert 0 <= interval["low"] <= interval["high"] <= 1
        assert model["ms_per_user"] > 0
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


def test_calibration_is_told_where_there_are_interests() -> None:
    found = score_models(SPLITS[:1], vectors(SHOP), ("popularity",), interest=np.arange(SHOP.n_items) % 2)
    assert found.model("popularity").metrics["miscalibration@10"].mean > 0


def test_scorecards_of_earlier_versions_can_be_read(card: Scorecard) -> None:
    parts = card.parts()
    for model in parts.document["models"]:
        del model["ms_per_user"], model["compared"]
    for name in ("references", "cold_curve", "slices", "gaps", "made_from"):
        del parts.document[name]
    read = Scorecard.from_parts(parts)
    assert np.isnan(read.model("blend").ms_per_user)
    assert (read.references, read.model("blend").compared) == ({}, {})
    assert read.curve.empty


def test_each_is_compared_with_popularity_and_the_best_without_text(card: Scorecard) -> None:
    assert card.references["popularity"] == card.verdict.against
    assert card.references["classical"] == "item-knn"
    blend, knn = card.model("blend"), card.model("item-knn")
    beside = blend.compared["item-knn"]
    assert beside.differences["ndcg@10"].mean == pytest.approx(
        blend.metrics["ndcg@10"].mean - knn.metrics["ndcg@10"].mean
    )
    assert list(beside.differences) == [m for m in blend.metrics if m.split("@")[0] not in ALL[-3:]]
    to_popularity = blend.compared[card.references["popularity"]].ratio
    assert to_popularity.mean == pytest.approx(card.verdict.ratio)
    assert to_popularity.low == pytest.approx(card.verdict.low, abs=0.03)
    assert (knn.compared["item-knn"].ratio.low, knn.compared["item-knn"].ratio.high) == (1, 1)


def test_groups_and_the_curve_are_on_the_scorecard(card: Scorecard) -> None:
    assert card.curve["known"].unique().tolist() == [0, 1]
    assert card.curve["n_users"].unique().tolist() == [40]
    assert card.slices["slice"].unique().tolist() == ["activity", "truth"]
    assert card.gaps.empty  # all 40 are one group: each knows two foods
    found = score_models(SPLITS[:1], vectors(SHOP), ("popularity",), interest=np.arange(SHOP.n_items) % 2)
    named = found.with_interests({"0": "Even", "1": "Odd"}).slices
    assert set(named.loc[named["slice"] == "interest", "group"]) == {"Even"}  # that of the spoon
    assert "Even" not in set(named.loc[named["slice"] != "interest", "group"])


def test_the_last_item_of_each_can_be_asked_for() -> None:
    with pytest.raises(NotEnoughDataError, match="leave-one-out leaves no user"):
        split_by("leave-one-out", SHOP, "kitchen", 0)  # each has two events there
    log = [*rows_of(200), *((f"u{n:02d}", "kitchen", "mug 1", 40) for n in range(0, 200, 2))]
    found = score_models([split_by("leave-one-out", dataset(log), "kitchen", 0)], vectors(SHOP), NAMES)
    assert (found.protocol, found.n_users) == ("leave-one-out", 100)
    assert found.model("popularity").metrics["hit@10"].mean == 1


def test_two_seeds_and_a_model() -> None:
    trained: list[int] = []

    def train(split: Split) -> KnowsTheTaste:
        trained.append(split.seed)
        return KnowsTheTaste(row(SHOP, "tea 1"))

    two = score_models(SPLITS, vectors(SHOP), (*NAMES, "interest-model", "interest-kernel"), train)
    assert trained == [0, 1]
    assert two.seeds == (0, 1)
    assert two.split_hash == f"{SPLITS[0].hash}-{SPLITS[1].hash}"
    assert two.n_users == len(set(SPLITS[0].test.users) | set(SPLITS[1].test.users))
    assert len(two.per_user) == 80
    for name in ("interest-model", "interest-kernel"):
        assert two.model(name).metrics["ndcg@10"].mean > two.model("popularity").metrics["ndcg@10"].mean


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
    for name in ("interest-model", "interest-kernel"):
        with pytest.raises(NotEnoughDataError, match="There is no interest model to score"):
            score_models(SPLITS, vectors(SHOP), (name,))


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
