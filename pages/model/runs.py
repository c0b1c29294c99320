"""Which model is best, and why? Compare runs, choose the one in use, rename, delete."""

import pandas as pd
import streamlit as st

from pages.ui.empty import empty_state, require_dataset
from pages.ui.job_log import when
from pages.ui.phrases import count, listed, plain
from pages.ui.places import FINETUNE, RUNS, page_header
from pages.ui.run_actions import show_actions
from pages.ui.run_words import headline, score_of, status_of
from pages.ui.state import current
from pages.ui.tables import show_table
from recsys_core.workspace.records import RunInfo

WILL_SHOW = "This page will compare the models you have trained."
MODE_WORDS = {"head": "Quick", "lora": "Light", "full": "Full"}


def runs_table(runs: list[RunInfo]) -> pd.DataFrame:
    """A readable row per run, newest first."""
    return pd.DataFrame(
        {
            "Model": [run.name for run in runs],
            "In use": ["yes" if run.in_use else "" for run in runs],
            "Score": [score_of(run) for run in runs],
            "Test users": [count(run.metrics.get("validation_users", 0)) for run in runs],
            "Learns": [MODE_WORDS.get(str(run.options.get("mode")), "") for run in runs],
            "Epochs at most": [str(run.options.get("epochs") or "12") for run in runs],
            "Seed": [str(run.options.get("seed", 0)) for run in runs],
            "Data version": [str(run.version) for run in runs],
            "Status": [status_of(run) for run in runs],
            "Started": [when(run.created) for run in runs],
        }
    )


selection = current()
page_header(RUNS.title, RUNS.question)
info = require_dataset(selection, WILL_SHOW)
runs = selection.ws.runs(info.name)
if not runs:
    empty_state(WILL_SHOW, f"*{plain(info.name)}* has none yet.", FINETUNE, "Fine-tune a model")
    st.stop()
st.markdown(f"##### {headline([run for run in runs if run.version == info.version])}")
st.caption(
    "The score (NDCG@10) says how high the items that people really took stand among the first ten shown, "
    "from 0 to 1. It is measured on users whose events in one domain were hidden, with the 95 % range over "
    "these users. Scores on different versions of the data cannot be compared."
)
show_table(runs_table(runs), f"{info.name}-runs")
old = sorted({run.version for run in runs} - {info.version})
if old:
    st.caption(
        f"Models on version {listed([str(v) for v in old])} of the data cannot be used with "
        f"version {info.version}."
    )
if any(run.stale for run in runs):
    st.caption(
        "A model is stale when a person was removed from the data it was trained on: its weights still "
        "learned from them. Fine-tune again, then delete it."
    )
show_actions(selection.ws, runs, info.version)
