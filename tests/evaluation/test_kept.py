from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from recsys_core.evaluation.kept import ModelResult, code_of
from recsys_core.evaluation.scoring import score_models
from recsys_core.evaluation.splits import cold_user_split
from recsys_core.parts import Parts
from recsys_core.recommend import registry
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.popularity import Popularity, RecentPopularity
from tests.recommend.shop import dataset, rows_of, vectors

SHOP = dataset(rows_of(200))
KITCHEN = SHOP.domain_index("kitchen")
SPLITS = [cold_user_split(SHOP, KITCHEN)]


@dataclass
class InMemory:
    parts: dict[str, Parts] = field(default_factory=dict)

    def load(self, split_hash: str, name: str, code: str) -> ModelResult | None:
        parts = self.parts.get(f"{split_hash}:{name}")
        return ModelResult.from_parts(parts, code) if parts else None

    def save(self, split_hash: str, name: str, code: str, result: ModelResult) -> None:
        self.parts[f"{split_hash}:{name}"] = result.parts(code)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    counted: Counter[str] = Counter()
    for kind in (Popularity, RecentPopularity, ItemKnn):

        def fit(self, training, rng, real=kind.fit):  # type: ignore[no-untyped-def]
            counted[self.name] += 1
            return real(self, training, rng)

        monkeypatch.setattr(kind, "fit", fit)
    return counted


def test_only_the_new_one_is_fitted(fits: Counter[str]) -> None:
    kept = InMemory()
    first = score_models(SPLITS, vectors(SHOP), ("popularity", "recent-popularity"), kept=kept)
    assert fits == {"popularity": 2, "recent-popularity": 6}
    fits.clear()
    again = score_models(SPLITS, vectors(SHOP), ("popularity", "recent-popularity", "item-knn"), kept=kept)
    assert fits == {"item-knn": 4}
    assert again.model("popularity").fit_seconds == first.model("popularity").fit_seconds
    fresh = score_models(SPLITS, vectors(SHOP), ("popularity", "recent-popularity", "item-knn"))
    assert again.curve.equals(fresh.curve)
    assert again.references == fresh.references


def test_another_split_or_other_code_is_fitted_again(
    fits: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = InMemory()
    score_models(SPLITS, vectors(SHOP), ("popularity", "item-knn"), kept=kept)
    fits.clear()
    score_models([cold_user_split(SHOP, KITCHEN, seed=1)], vectors(SHOP), ("popularity",), kept=kept)
    assert fits == {"popularity": 2}
    fits.clear()
    newer = cold_user_split(replace(SHOP, version=2), KITCHEN)
    score_models([newer], vectors(SHOP), ("popularity",), kept=kept)
    assert fits == {"popularity": 2}
    fits.clear()
    fewer = {**registry.VARIANTS, "item-knn": (ItemKnn(shrink=20),)}
    monkeypatch.setattr(registry, "VARIANTS", fewer)
    score_models(SPLITS, vectors(SHOP), ("popularity", "item-knn"), kept=kept)
    assert fits == {"item-knn": 2}


def test_the_blend_is_anew_when_its_members_are_not_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: code_of(name, None) for name in ("blend", "popularity")}
    monkeypatch.setattr(registry, "MEMBERS", registry.MEMBERS[:-1])
    assert code_of("blend", None) != before["blend"]
    assert code_of("popularity", None) == before["popularity"]
    assert code_of("popularity", np.array([1, 2])) != before["popularity"]
