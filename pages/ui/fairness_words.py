"""Whether a recommender serves some people better than others, by what is told of themselves."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from pages.ui.phrases import count, listed, plain
from pages.ui.score_words import model_name, slice_name
from recsys_core.evaluation.attribute_groups import OWN
from recsys_core.evaluation.scorecard import Scorecard

TOLD: Final = 2
"""Gaps that the sentence tells, the largest first."""
CAUTION: Final = "Of 20 attributes that make no difference, one has a gap above chance all the same."


def fairness_sentence(card: Scorecard) -> str:
    """The gaps of the best recommender between kinds of people, where they are more than chance gives;
    "" where nothing is told of people, or too few are to compare.
    """
    gaps = card.gaps[_own(card.gaps) & (card.gaps["model"] == card.best)] if len(card.gaps) else card.gaps
    if gaps.empty:
        return ""
    name = f"*{model_name(card.best)}*"
    sure = gaps[gaps["gap"] > gaps["by_chance"]].sort_values("gap", ascending=False).to_dict("records")
    if not sure:
        asked = listed([_kind(kind) for kind in gaps["slice"]], "or")
        return f"By {asked}, {name} serves no group surely better than another."
    told = [_gap(gap) for gap in sure[:TOLD]]
    more = [f"{count(len(sure) - TOLD)} more below"] if len(sure) > TOLD else []
    return f"{name} serves people unequally: {listed([*told, *more])}."


def _own(gaps: pd.DataFrame) -> pd.Series:
    return gaps["slice"].str.startswith(OWN)


def _kind(kind: str) -> str:
    return plain(slice_name(kind).replace("Their", "their", 1))


def _gap(gap: Mapping[str, Any]) -> str:
    return (
        f"by {_kind(gap['slice'])}, **{plain(gap['highest'])}** is ahead of **{plain(gap['lowest'])}** by "
        f"{gap['gap']:.4f} NDCG@10 ({gap['low']:.4f} to {gap['high']:.4f}; chance gives up to "
        f"{gap['by_chance']:.4f})"
    )
