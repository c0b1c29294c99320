"""Whether a fine-tune learns from what was said of recommended titles."""

import streamlit as st

from pages.ui.phrases import count
from pages.ui.state import Selection
from recsys_core.workspace.feedback import usable_feedback
from recsys_core.workspace.records import DatasetInfo


def choose_feedback(selection: Selection, info: DatasetInfo) -> dict[str, object]:
    """Whether likes and dislikes are learned from; asked only where known users have said some."""
    likes, dislikes = usable_feedback(selection.ws, info.name)
    if not likes + dislikes:
        return {}
    learn = st.toggle(
        f"Learn from {count(likes)} like{'s' * (likes != 1)} and {count(dislikes)} dislike"
        f"{'s' * (dislikes != 1)}, too",
        key="finetune-feedback",
        persist_state="session",
        help="Said of known users' titles on the cold-start page. A like is one event more, what is disliked "
        "is none; of users whom the model is judged by nothing is learned.",
    )
    return {"with_feedback": True} if learn else {}
