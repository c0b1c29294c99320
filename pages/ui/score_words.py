"""What a scorecard says, in words made from its numbers."""

from typing import Final

import pandas as pd

from pages.ui.phrases import plain
from recsys_core.evaluation.attribute_groups import OWN, is_attribute
from recsys_core.evaluation.scorecard import Scorecard, Verdict

MODEL_NAMES: Final = {
    "blend": "Blend of all",
    "interest-model": "Fine-tuned InterestModel",
    "interest-kernel": "Ids, text and interests together (kernel ridge)",
    "kernel-ridge": "Ids and text together (kernel ridge)",
    "text-ridge": "Text of what they liked (ridge)",
    "item-knn": "Taken by the same people (item-kNN)",
    "ease": "Taken along with it (EASE)",
    "id-kernel": "Taken by people alike (kernel ridge on ids)",
    "linear-map": "Taste elsewhere, mapped (EMCDR)",
    "two-tower": "Two towers (ids and text)",
    "gru4rec": "Order of what they took (GRU4Rec)",
    "sasrec": "Order of what they took (SASRec)",
    "text-match": "Text alone (closest titles)",
    "recent-popularity": "Popular lately",
    "popularity": "Popular ever",
}

PROTOCOLS: Final = {
    "cold-user": "People new to a domain",
    "cold-item": "New titles",
    "next-item": "The next title",
    "leave-one-out": "The last title (as in papers)",
}

HIDDEN: Final = {
    "cold-user": ", none of whose events in {} any model saw",
    "cold-item": ", whose events with the newest titles of {} no model saw",
    "next-item": ", whose events in {} after one day no model saw",
    "leave-one-out": ", whose last event in {} no model saw",
}
"""What of the people tested no model saw."""

ROLES: Final = {"popularity": "Popularity", "classical": "Best without text"}

RIGHT: Final = {
    "ndcg": "NDCG: hits near the top of the list count more; 1 is a perfect list.",
    "recall": "Recall: the fraction of what people really took that is in the list.",
    "hit": "Hit: the fraction of people with at least one right title in the list.",
    "mrr": "MRR: one over the place of the first right title, on average.",
    "precision": "Precision: the fraction of the list that people really took.",
    "f1": "F1: precision and recall in one number, their harmonic mean.",
    "map": "MAP: the precision down to each right title, on average over what people took.",
    "auc": "AUC: how often a title people took stands above one they did not, in the whole ranking.",
}
"""Of these more is better."""

LISTS: Final = {
    "novelty": "Novelty in bits: each bit more means titles that half as many people took.",
    "diversity": "Variety: 0 where the texts of a list are all alike, near 1 where they share nothing.",
    "popularity": "Popularity: the fraction of people who took a title of the list, on average.",
    "popularity_lift": "Lift in popularity: 0 where lists are as popular as what people took, 1 where twice.",
    "coverage": "Coverage: the fraction of the catalogue that anybody is shown.",
    "gini": "Concentration (Gini): 0 where all titles are shown as often, 1 where one is shown to all.",
    "miscalibration": "Distance to people's own mix of interests (Kullback-Leibler, nats); 0: the same.",
}
"""What lists are like; more is not better by itself."""

NAMES: Final = {
    "ndcg": "NDCG",
    "mrr": "MRR",
    "map": "MAP",
    "auc": "AUC",
    "diversity": "Variety",
    "popularity_lift": "Popularity lift",
    "gini": "Concentration",
    "miscalibration": "Distance to own mix",
}


SLICES: Final = {
    "activity": "How many events of theirs are known",
    "truth": "Whether they took what many take",
    "interest": "The interest of what they took",
}
"""How people are grouped, beside attributes of theirs and of what they took."""


def slice_name(kind: str) -> str:
    """How people are grouped, by the slice's name."""
    side, attribute = kind.split(" ", 1) if is_attribute(kind) else ("", "")
    if kind.startswith(OWN):
        return f"Their {attribute}"
    whose = {"took": "what they took", "known": "what is known of them"}
    return f"The {attribute} of {whose[side]}" if side else SLICES[kind]


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


def protocol_note(protocol: str) -> str:
    """What to beware of."""
    if protocol != "leave-one-out":
        return ""
    return (
        "For comparison with papers only: everyone's last title is hidden, so a recommender learns from what "
        "others did after it, which it can't know in use. *The next title* cuts everybody off at one time."
    )


def verdict_note(verdict: Verdict | None) -> str:
    """What the product does about it."""
    if verdict is None:
        return ""
    if verdict.transfer == "gain":
        return "The whole 95 % interval is above 1, so the cold-start page shows personal recommendations."
    return "The 95 % interval is not above 1, so the cold-start page says so and shows popularity."


def metric_name(metric: str) -> str:
    """A metric as people write it: NDCG@10, Recall@10."""
    name, at, k = metric.partition("@")
    return f"{NAMES.get(name, name.capitalize())}{at}{k}"


def metric_help(metric: str) -> str:
    """A metric like ndcg@10 explained, with its cut-off and which way is better."""
    name, _, k = metric.partition("@")
    told = {**RIGHT, **LISTS}.get(name, metric)
    better = "Higher is better" if name in RIGHT else "It tells what lists are like; neither way is better"
    return f"{told} {f'The list has {k} titles. ' if k else ''}{better}; bars are 95 % intervals."


def leader(metric: str, scores: pd.DataFrame, against: str | None) -> str:
    """What the leaderboard shows, as its title; ``scores``: of ``score_frame``."""
    if scores.empty:
        return "Nothing else was scored"
    if against:
        higher = int((scores["low"] > 0).sum())
        return f"{higher} of {len(scores)} are surely above {model_name(against)} by {metric_name(metric)}"
    label, name = scores["label"].iloc[0], metric_name(metric)
    return f"{label} is best by {name}" if metric.partition("@")[0] in RIGHT else f"{label}: highest {name}"


def reference_name(role: str, name: str) -> str:
    """A model that others are compared with, by its role."""
    return f"{ROLES[role]}: {model_name(name)}"
