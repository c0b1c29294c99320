import numpy as np
import pytest
import pytrec_eval
from sklearn.metrics import roc_auc_score

from recsys_core.evaluation.metrics import (
    ALL_METRICS,
    average_precision,
    f1,
    hit,
    metrics_at,
    mrr,
    precision,
    recall,
    roc_auc,
)
from recsys_core.recommend.answers import ranks

RANKED = [np.array([1, 4, 30]), np.array([3]), np.array([11, 12])]
TREC = {
    "ndcg@10": "ndcg_cut_10",
    "recall@10": "recall_10",
    "hit@10": "success_10",
    "precision@10": "P_10",
    "map@10": "map_cut_10",
}


def test_by_hand() -> None:
    assert recall(RANKED).tolist() == [2 / 3, 1, 0]
    assert hit(RANKED).tolist() == [1, 1, 0]
    assert mrr(RANKED).tolist() == [1, 1 / 3, 0]
    assert mrr(RANKED, k=2).tolist() == [1, 0, 0]
    assert precision(RANKED).tolist() == [0.2, 0.1, 0]
    assert f1(RANKED).tolist() == [4 / 13, 2 / 11, 0]
    assert average_precision(RANKED) == pytest.approx([(1 + 2 / 4) / 3, 1 / 3, 0])
    assert roc_auc(RANKED, np.array([30, 3, 2])).tolist() == [1 - 29 / 81, 0, 0.5]


def test_names_carry_k() -> None:
    assert list(metrics_at(RANKED, 5)) == ["ndcg@5", "recall@5", "hit@5", "mrr@5"]


def test_as_trec_eval_and_scikit_learn_count() -> None:
    rng = np.random.default_rng(0)
    scores = np.stack([rng.permutation(60) for _ in range(200)]).astype(np.float32)
    truth = [np.sort(rng.choice(60, rng.integers(1, 15), replace=False)) for _ in scores]
    ranked = ranks(scores, truth)
    ours = metrics_at(ranked, metrics=ALL_METRICS) | {"auc": roc_auc(ranked, np.full(200, 60))}
    theirs = _trec(scores, truth, {*TREC.values(), "recip_rank", "num_rel"})
    for name, trec in TREC.items():
        assert ours[name] == pytest.approx([row[trec] for row in theirs], abs=1e-9)
    # trec_eval has no cut for the reciprocal rank and no F at k: both from what it has.
    reciprocal = [row["recip_rank"] if row["success_10"] else 0 for row in theirs]
    assert ours["mrr@10"] == pytest.approx(reciprocal, abs=1e-9)
    assert ours["f1@10"] == pytest.approx([_f1(row["P_10"], row["recall_10"]) for row in theirs], abs=1e-9)
    auc = [roc_auc_score(np.isin(np.arange(60), t), s) for t, s in zip(truth, scores, strict=True)]
    assert ours["auc"] == pytest.approx(auc, abs=1e-9)


def test_a_tie_is_lost() -> None:
    tied = ranks(np.zeros((1, 4), np.float32), [np.array([1])])
    assert roc_auc(tied, np.array([4])).tolist() == [0]
    assert precision(tied, k=3).tolist() == [0]


def _trec(scores: np.ndarray, truth: list[np.ndarray], measures: set[str]) -> list[dict[str, float]]:  # type: ignore[type-arg]
    relevant = {f"u{n}": {str(item): 1 for item in true} for n, true in enumerate(truth)}
    run = {f"u{n}": {str(item): float(s) for item, s in enumerate(row)} for n, row in enumerate(scores)}
    found = pytrec_eval.RelevanceEvaluator(relevant, measures).evaluate(run)
    return [found[f"u{n}"] for n in range(len(truth))]


def _f1(precise: float, recalled: float) -> float:
    return 2 * precise * recalled / (precise + recalled) if precise else 0
