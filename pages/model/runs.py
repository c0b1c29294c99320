"""Which model is best, and why? Compare runs, choose the one in use, export, start again, delete."""

import streamlit as st

from pages.ui.empty import empty_state, require_dataset
from pages.ui.phrases import listed, plain
from pages.ui.places import FINETUNE, RUNS, page_header
from pages.ui.run_actions import show_actions
from pages.ui.run_comparison import show_comparison
from pages.ui.run_failures import failures_sentence, show_failures
from pages.ui.run_jobs import fates
from pages.ui.run_table import runs_table
from pages.ui.run_words import headline
from pages.ui.state import current, ledger
from pages.ui.tables import show_table

WILL_SHOW = "This page will compare the models you have trained."

selection = current()
page_header(RUNS.title, RUNS.question)
info = require_dataset(selection, WILL_SHOW)
runs = selection.ws.runs(info.name)
if not runs:
    empty_state(WILL_SHOW, f"*{plain(info.name)}* has none yet.", FINETUNE, "Fine-tune a model")
    st.stop()
unfinished = fates(ledger(selection.ws), runs)
st.markdown(f"##### {headline([run for run in runs if run.version == info.version])}")
st.caption(
    "The score (NDCG@10) says how high the items that people really took stand among the first ten shown, "
    "from 0 to 1. It is measured on users whose events in one domain were hidden, with the 95 % range over "
    "these users. Scores on different versions of the data cannot be compared."
)
show_table(runs_table(runs, unfinished), f"{info.name}-runs")
if said := failures_sentence(unfinished):
    st.caption(said)
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
show_comparison(selection.ws, runs, info.version)
show_actions(selection.ws, runs, info.version, unfinished)
show_failures(selection.ws, runs, unfinished)
