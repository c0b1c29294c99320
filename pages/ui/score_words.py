"""What a scorecard says, in words made from its numbers."""

from typing import Final

import pandas as pd

from pages.ui.phrases import count, listed, plain
from recsys_core.evaluation.scorecard import Scorecard, Verdict

MODEL_NAMES: Final = {
    "blend": "Blend of all",
    "interest-model": "Fine-tuned InterestModel",
    "kernel-ridge": "Ids and text together (kernel ridge)",
    "text-ridge": "Text of what they liked (ridge)",
    "item-knn": "Taken by the same people (item-kNN)",
    "ease": "Taken along with it (EASE)",
    "text-match": "Text alone (closest titles)",
    "recent-popularity": "Popular lately",
    "popularity": "Popular ever",
}

PROTOCOLS: Final = {
    "cold-user": "People new to a domain",
    "cold-item": "New titles",
    "next-item": "The next title",
}

METRICS: Final = {
    "ndcg": "NDCG: hits near the top of the list count more; 1 is a perfect list.",
    "recall": "Recall: the fraction of what people really took that is in the list.",
    "hit": "Hit: the fraction of people with at least one right title in the list.",
    "mrr": "MRR: one over the place of the first right title, on average.",
}


def model_name(name: str) -> str:
    """A recommender's name as people read it."""
    return MODEL_NAMES.get(name, name)


def verdict_sentence(card: Scorecard) -> str:
    """The answer: does what people did elsewhere help in the target domain?"""
    verdict, target = card.verdict, f"*{plain(card.target)}*"
    if verdict is None:
        return f"The best for {target} is {model_name(card.best)}; it was not compared with popularity."
    ratio = f"{verdict.ratio:.2f} × as good as popularity ({verdict.low:.2f} to {verdict.high:.2f})"
    if verdict.transfer == "gain":
        return f"For people new to {target}, recommendations are {ratio}."
    if verdict.transfer == "harm":
        return f"For {target}, popularity is better: the blend is only {ratio}."
    return f"No evidence of transfer to {target}: the blend is {ratio}, which may be chance."


def verdict_note(verdict: Verdict | None) -> str:
    """What the product does about it."""
    if verdict is None:
        return ""
    if verdict.transfer == "gain":
        return "The whole 95 % interval is above 1, so the cold-start page shows personal recommendations."
    return "The 95 % interval is not above 1, so the cold-start page says so and shows popularity."


def metric_name(metric: str) -> str:
    """A metric as people write it: NDCG@10, Recall@10."""
    return metric.upper() if metric.startswith(("ndcg", "mrr")) else metric.capitalize()


def metric_help(metric: str) -> str:
    """A metric like ndcg@10 explained, with its cut-off."""
    name, _, k = metric.partition("@")
    return f"{METRICS.get(name, metric)} The list has {k} titles." if k else METRICS.get(name, metric)


def score_frame(card: Scorecard, metric: str) -> pd.DataFrame:
    """``name``, ``label``, ``mean``, ``low``, ``high`` of one metric, best first."""
    rows = [
        (model.name, model_name(model.name), *(getattr(model.metrics[metric], f) for f in _FIELDS))
        for model in card.models
    ]
    frame = pd.DataFrame(rows, columns=["name", "label", *_FIELDS])
    return frame.sort_values("mean", ascending=False, kind="stable", ignore_index=True)


def score_table(card: Scorecard) -> pd.DataFrame:
    """Every model with every metric and interval, the cost of fitting, and what validation chose."""
    rows = []
    for model in card.models:
        scores = {
            metric_name(metric): (f"{value.mean:.4f} ({value.low:.4f}–{value.high:.4f})")
            for metric, value in model.metrics.items()
        }
        cost = {"Fit (seconds)": round(model.fit_seconds, 1), "Most memory (MB)": round(model.peak_rss_mb)}
        rows.append({"Recommender": model_name(model.name), **scores, **cost, "Chosen": model.choices})
    return pd.DataFrame(rows)


def trust_table(card: Scorecard, data: str) -> pd.DataFrame:
    """What every number on the page rests on."""
    facts = {
        "People tested": f"{count(card.n_users)}, none of whose events in {card.target} any model saw",
        "Titles ranked": f"{count(card.n_candidates)}: all of {card.target}, no sampling",
        "Learned from": listed(card.sources) or card.target,
        "Ties": card.tie_rule,
        "Seeds": listed([str(seed) for seed in card.seeds]),
        "Intervals": "95 %, bootstrap over people, the same people for every model",
        "Choices": "made on other people, kept apart for validation",
        "Split": card.split_hash,
        "Data": data,
    }
    return pd.DataFrame({"What": list(facts), "Value": list(facts.values())})


_FIELDS = ("mean", "low", "high")
