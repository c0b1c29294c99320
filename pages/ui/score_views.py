"""What stands below the leaderboard: the curve of newcomers, groups of people, cost beside quality."""

from typing import Final

import pandas as pd
import streamlit as st

from pages.ui.fairness_words import CAUTION, fairness_sentence
from pages.ui.figures import show_figure
from pages.ui.phrases import count, plain
from pages.ui.score_charts import cost_chart, curve_chart, group_chart
from pages.ui.score_words import model_name, slice_name
from recsys_core.evaluation.scorecard import Scorecard


def show_cold_curve(card: Scorecard) -> None:
    """How good each recommender is for newcomers, and after their first titles."""
    if card.curve.empty:
        return
    first = card.curve[card.curve["known"] == card.curve["known"].min()]
    show_figure(
        curve_chart(card.curve),
        title="What the first titles teach",
        note="Asked for is each person's last title, when so many of their first ones are known; nothing is "
        f"fitted anew. Only people who took more count: {count(int(first['n_users'].iloc[0]))} at the left, "
        "fewer further right, so compare recommenders at one number. Bars are 95 % intervals.",
        alt="Lines: NDCG@10 of each recommender over the number of titles known",
        table=_shown(card.curve, {"known": "Titles known"}),
        name="cold-curve",
    )


def show_slices(card: Scorecard) -> None:
    """How good each recommender is by groups of people, and how large the gaps are."""
    if card.slices.empty:
        return
    st.markdown("#### For whom it is good")
    if fair := fairness_sentence(card):
        st.markdown(fair)
        st.caption(CAUTION)
    kinds = list(dict.fromkeys(card.slices["slice"]))
    kind = st.selectbox("Groups by", kinds, format_func=slice_name, key="slice")
    scores = card.slices[card.slices["slice"] == kind]
    show_figure(
        group_chart(scores),
        title=f"{plain(slice_name(str(kind)))}: {scores['group'].nunique()} groups",
        note="Groups of fewer than 10 people are left out. Bars are 95 % intervals.",
        alt=f"Dots: NDCG@10 of each recommender in {scores['group'].nunique()} groups",
        table=_shown(scores.drop(columns="slice"), {"group": "Group"}),
        name="groups",
    )
    _show_gaps(card, str(kind))


def show_cost(card: Scorecard) -> None:
    """What each recommender costs beside how good it is; nothing where that was not measured."""
    rows = [
        (m.name, m.ms_per_user, q.mean, q.low, q.high, m.fit_seconds, m.peak_rss_mb)
        for m in card.models
        if m.ms_per_user > 0
        for q in [m.metrics["ndcg@10"]]
    ]
    if not rows:
        return
    costs = pd.DataFrame(rows, columns=["model", "ms", "mean", "low", "high", "fit", "memory"])
    heads = {
        "ms": "One person (ms)",
        "fit": "Fit (seconds)",
        "memory": "Most memory (MB)",
    }
    show_figure(
        cost_chart(costs),
        title="What it costs",
        note="Time to score all titles for one person, in batches of 256. Times depend on this machine and "
        "on what else it was doing; memory is that of the whole process.",
        alt="Dots: NDCG@10 of each recommender over the milliseconds it takes for one person",
        table=_shown(costs, heads),
        name="cost",
    )


def _show_gaps(card: Scorecard, kind: str) -> None:
    gaps = card.gaps[card.gaps["slice"] == kind] if len(card.gaps) else card.gaps
    if gaps.empty:
        st.caption("Fewer than two groups have 50 people or more, so no gap between groups is told.")
        return
    sure = gaps[gaps["gap"] > gaps["by_chance"]]
    st.caption(
        f"Between groups of 50 people or more, {len(sure)} of {len(gaps)} recommenders have a larger gap "
        "than chance gives in 95 % of random groups of these sizes."
    )
    with st.expander("Largest gaps between groups"):
        heads = {"highest": "Best for", "lowest": "Worst for", "gap": "Gap", "by_chance": "By chance up to"}
        table = gaps.drop(columns=["slice", "n_groups"]).assign(model=gaps["model"].map(model_name))
        st.dataframe(table.rename(columns=heads | _HEADS), hide_index=True, key="table-gaps")


def _shown(frame: pd.DataFrame, heads: dict[str, str]) -> pd.DataFrame:
    named = frame.assign(model=frame["model"].map(model_name)) if "model" in frame else frame
    return named.rename(columns=heads | _HEADS)


_HEADS: Final = {"model": "Recommender", "mean": "NDCG@10", "low": "From", "high": "To", "n_users": "People"}
