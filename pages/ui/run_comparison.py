"""Runs side by side: their curves, and in what two of them differ."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from pages.ui.phrases import plain
from pages.ui.run_curves import MOST, show_run_curves
from pages.ui.run_differences import (
    MEASURES_NOTE,
    column_names,
    difference_sentence,
    equal_sentence,
    metric_differences,
    setting_differences,
)
from pages.ui.run_words import ranked, unique_names
from pages.ui.tables import show_table
from recsys_core.workspace.judged import paired_differences
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace

COMPARE: Final = "compare"
"""In the URL: the ids of the runs that are compared, so that a comparison is a link."""


def show_comparison(ws: Workspace, runs: Sequence[RunInfo], version: int) -> None:
    """A picker of runs, their curves, and what two of them differ in; ``version``: of the data in use."""
    st.markdown("#### Compare")
    names = unique_names(runs)
    chosen = _choose(runs, names, version)
    if not chosen:
        st.caption("Choose models to see their curves, two of them to see in what they differ.")
        return
    show_run_curves(ws, chosen, names)
    if len(chosen) == 1:
        st.caption("Choose a second model to see in what the two differ.")
        return
    one, other = chosen if len(chosen) == 2 else _choose_two(chosen, names)
    if one.id == other.id:
        st.caption("Choose two different models to see in what they differ.")
        return
    _show_differences(one, other, names)


def default_choice(runs: Sequence[RunInfo], version: int) -> list[str]:
    """The two best on the version of the data in use, else the two newest."""
    best = [run.id for run in ranked([run for run in runs if run.version == version])]
    return (best + [run.id for run in runs if run.id not in best])[:2]


def _choose(runs: Sequence[RunInfo], names: dict[str, str], version: int) -> list[RunInfo]:
    by_id = {run.id: run for run in runs}
    wanted = st.session_state.get("runs-compared")
    if wanted is None:  # the page has just been opened
        wanted = st.session_state.get("_compared") or st.query_params.get(COMPARE, "").split(",")
        wanted = [run_id for run_id in wanted if run_id in by_id] or default_choice(runs, version)
    st.session_state["runs-compared"] = [run_id for run_id in wanted if run_id in by_id][:MOST]
    chosen = st.multiselect(
        "Models",
        list(by_id),
        format_func=lambda run_id: names.get(run_id, run_id),
        key="runs-compared",
        max_selections=MOST,
        placeholder="Choose models to compare",
    )
    st.session_state["_compared"] = list(chosen)
    if st.query_params.get(COMPARE, "") != ",".join(chosen):
        st.query_params[COMPARE] = ",".join(chosen)
    return [by_id[run_id] for run_id in chosen]


def _choose_two(chosen: Sequence[RunInfo], names: dict[str, str]) -> tuple[RunInfo, RunInfo]:
    by_id = {run.id: run for run in chosen}
    ids, picked = list(by_id), []
    for column, key, place in zip(st.columns(2), ("compare-one", "compare-other"), (0, 1), strict=True):
        if st.session_state.get(key) not in by_id:
            st.session_state[key] = ids[place]
        label = "Compare" if place == 0 else "with"
        picked.append(column.selectbox(label, ids, format_func=lambda i: names.get(i, i), key=key))
    return by_id[picked[0]], by_id[picked[1]]


def _show_differences(one: RunInfo, other: RunInfo, names: dict[str, str]) -> None:
    paired = paired_differences(one, other)
    st.markdown(f"#### In what *{plain(names[one.id])}* and *{plain(names[other.id])}* differ")
    st.markdown(difference_sentence(one, other, paired))
    names = column_names(one, other, names)
    measures = metric_differences(one, other, paired, names)
    show_table(measures, "runs-measures")
    brackets = "In brackets the 95 % interval, " + (
        "for the difference over pairs: the same user with one and with the other."
        if paired
        else "of each model by itself."
    )
    st.caption(f"{brackets} {MEASURES_NOTE}")
    settings = setting_differences(one, other, names)
    st.markdown("###### Settings that differ")
    if settings.empty:
        st.caption("None: they were made in the same way.")
    else:
        show_table(settings, "runs-settings")
    st.caption(equal_sentence(one, other))
