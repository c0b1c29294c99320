"""The leaderboard: one measure of every recommender, itself or beside another's."""

import streamlit as st

from pages.ui.figures import show_figure
from pages.ui.score_charts import leaderboard
from pages.ui.score_tables import score_frame, score_table
from pages.ui.score_words import leader, metric_help, metric_name, model_name, reference_name
from recsys_core.evaluation.scorecard import Scorecard

EARLIER = "An earlier version saved this scorecard: score again to see each recommender beside others."


def show_leaderboard(card: Scorecard) -> None:
    """Two choices, the chart and its table."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        metric = _metric(card)
        beside = _beside(card, metric)
    against = beside or (card.verdict.against if card.verdict else "recent-popularity")
    scores = score_frame(card, metric, beside)
    axis = f"{metric_name(metric)}, difference" if beside else metric_name(metric)
    highest = f", the highest is {scores['label'].iloc[0]}" if len(scores) else ""
    show_figure(
        leaderboard(scores, axis, against),
        title=leader(metric, scores, beside),
        note=f"{metric_help(metric)} The dotted line is *{model_name(against)}*.",
        alt=f"Dots with intervals: {axis} of {len(scores)} recommenders{highest}",
        table=score_table(card),
        name="leaderboard",
    )
    if not card.references:
        st.caption(EARLIER)


def _metric(card: Scorecard) -> str:
    metrics = list(card.models[0].metrics)
    return str(st.selectbox("Measure", metrics, format_func=metric_name, key="metric", bind="query-params"))


def _beside(card: Scorecard, metric: str) -> str | None:
    """The name of the model that the others are shown beside, or None."""

    def told(role: str) -> str:
        return f"difference to {reference_name(role, card.references[role])}" if role else "the value itself"

    first = card.models[0]
    roles = [role for role, name in card.references.items() if metric in first.compared[name].differences]
    help_ = "Differences are measured on the same people: their intervals are narrower than those of values."
    return card.references.get(
        str(st.selectbox("Shown as", ["", *roles], format_func=told, key="compared", help=help_))
    )
