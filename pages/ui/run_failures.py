"""Runs that came to nothing: why, what to do, and the log."""

from collections.abc import Mapping, Sequence
from typing import Final

import streamlit as st

from pages.ui.job_pulse import show_log_tail
from pages.ui.phrases import count, plain
from pages.ui.places import JOBS
from pages.ui.run_jobs import Fate
from pages.ui.run_table import took
from pages.ui.state import ledger
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace

SHOWN: Final = 3


def show_failures(ws: Workspace, runs: Sequence[RunInfo], fates: Mapping[str, Fate]) -> None:
    """The newest failures, each with its reason, its remedy and the log of its job; nothing where none."""
    failed = [fates[run.id] for run in runs if run.id in fates and fates[run.id].failed]
    if not failed:
        return
    st.markdown("#### What failed")
    for fate in failed[:SHOWN]:
        _show_failure(ws, fate)
    if len(failed) > SHOWN:
        st.caption(f"{count(len(failed) - SHOWN)} more failed before; the jobs page has their logs.")


def failures_sentence(fates: Mapping[str, Fate]) -> str:
    """How many came to nothing, for the top of the page; "" where none."""
    failed = sum(fate.failed for fate in fates.values())
    if not failed:
        return ""
    some = "1 run has" if failed == 1 else f"{count(failed)} runs have"
    return f"{some} come to nothing: the reason and what to do are at the end of the page."


def failure_title(fate: Fate) -> str:
    """Which run failed, and after how long."""
    after = took(fate.run)
    what = "was interrupted" if fate.interrupted else "failed"
    return f"**{plain(fate.run.name)}** {what}{f' after {after}' if after else ''}"


def _show_failure(ws: Workspace, fate: Fate) -> None:
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.markdown(failure_title(fate), width="content")
            if fate.job is not None:
                st.page_link(
                    JOBS.path,
                    label=f"Job {fate.job.id}",
                    icon=JOBS.icon,
                    query_params={"job": str(fate.job.id)},
                )
        st.error(plain(f"{fate.error} {fate.remedy}"), icon=":material/error:")
        if fate.job is None:
            st.caption("The job that made it is not known any more, so there is no log.")
            return
        events = ledger(ws).events(fate.job.id)
        show_log_tail(ws, fate.job, events, most=500)
