"""The numbers of a scorecard as tables."""

from dataclasses import astuple

import pandas as pd

from pages.ui.phrases import count, listed
from pages.ui.score_words import HIDDEN, metric_name, model_name
from recsys_core.evaluation.scorecard import Interval, ModelScore, Scorecard


def score_frame(card: Scorecard, metric: str, against: str | None = None) -> pd.DataFrame:
    """``name``, ``label``, ``mean``, ``low``, ``high`` of one metric, highest first; ``against``: the
    difference to that model, which is left out.
    """
    rows = [
        (model.name, model_name(model.name), *astuple(_value(model, metric, against)))
        for model in card.models
        if model.name != against
    ]
    frame = pd.DataFrame(rows, columns=["name", "label", "mean", "low", "high"])
    return frame.sort_values("mean", ascending=False, kind="stable", ignore_index=True)


def score_table(card: Scorecard) -> pd.DataFrame:
    """Every model with its NDCG@10 over that of those it is compared with, every metric and interval, the
    cost, and what validation chose.
    """
    rows = []
    for model in card.models:
        scores = {metric_name(metric): _told(value) for metric, value in model.metrics.items()}
        cost = {
            "Fit (seconds)": round(model.fit_seconds, 1),
            "Most memory (MB)": round(model.peak_rss_mb),
            "One person (ms)": round(model.ms_per_user, 3),
        }
        ratios = {
            f"× {model_name(other).lower()}": _told(compared.ratio, 2)
            for other, compared in model.compared.items()
        }
        name, chosen = {"Recommender": model_name(model.name)}, {"Chosen": model.choices}
        rows.append({**name, **ratios, **scores, **cost, **chosen})
    return pd.DataFrame(rows)


def trust_table(card: Scorecard, data: str) -> pd.DataFrame:
    """What every number on the page rests on."""
    facts = {
        "People tested": f"{count(card.n_users)}{HIDDEN.get(card.protocol, '').format(card.target)}",
        "Titles ranked": f"{count(card.n_candidates)}: all of {card.target}, no sampling",
        "Learned from": listed(card.sources) or card.target,
        "Ties": card.tie_rule,
        "Seeds": listed([str(seed) for seed in card.seeds]),
        "Intervals": "95 %, bootstrap over people, the same people for every model",
        "Choices": "made on other people, kept apart for validation",
        "Split": card.split_hash,
        "Data": data,
        "Fine-tuned model": (card.made_from.get("run") or "none") if card.made_from else "(not recorded)",
        "Made by": f"Driftmap {card.made_from.get('code_version', '(not recorded)')}",
    }
    return pd.DataFrame({"What": list(facts), "Value": list(facts.values())})


def _value(model: ModelScore, metric: str, against: str | None) -> Interval:
    return model.compared[against].differences[metric] if against else model.metrics[metric]


def _told(value: Interval, digits: int = 4) -> str:
    """A mean with its interval; an n-dash parts numbers that can't be mistaken for negative ones."""
    mean, low, high = (f"{number:.{digits}f}" for number in astuple(value))
    return f"{mean} ({low}–{high})" if value.low >= 0 else f"{mean} ({low} to {high})"
