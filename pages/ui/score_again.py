"""Scoring once more, beside slow baselines of the literature where they are asked for."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.empty import job_button
from pages.ui.score_words import model_name
from pages.ui.state import Selection
from recsys_core.recommend.registry import DEFAULTS, ON_REQUEST


def show_scoring_again(selection: Selection, params: Mapping[str, Any], title: str) -> None:
    """The button for it, and which slow recommenders to score, too."""
    st.caption(
        "Needed after a new fine-tune; the data, the people and the split stay the same, and what was "
        "scored before is not fitted again."
    )
    slow = st.multiselect(
        "Score these, too",
        list(ON_REQUEST),
        format_func=model_name,
        key="also-score",
        help="Baselines of the literature. Each takes minutes on a log of 100,000 events.",
    )
    asked = {**params, "models": [*DEFAULTS, *slow]} if slow else params
    dataset = selection.dataset.name if selection.dataset else ""
    job_button(selection.ws, "evaluate", asked, label="Score again", title=title, dataset=dataset)
