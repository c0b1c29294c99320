"""What is running, and what failed? The queue, the log of each job, and what to do about failures."""

import pandas as pd
import streamlit as st

from pages.ui.cluster_state import show_cluster
from pages.ui.empty import load_demo_button
from pages.ui.job_log import headline, jobs_table, show_details
from pages.ui.places import JOBS, UPLOAD, link, page_header
from pages.ui.progress import active_jobs, watch
from pages.ui.state import current, ledger
from recsys_core.jobs.job import Job

LATEST = 200


def pick(jobs: list[Job], table: pd.DataFrame) -> Job | None:
    """The table of jobs; the job whose row is selected, else the one that a link names, else the newest."""
    st.markdown("#### All jobs")
    st.caption("Select a row to read its log.")
    shown = st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        on_select="rerun",
        selection_mode="single-row",
        key="jobs-table",
        alt="Jobs, newest first, with status and times",
    )
    rows = shown.selection.rows
    if rows and rows[0] < len(jobs):
        return jobs[rows[0]]
    named = st.query_params.get("job")
    return next((job for job in jobs if str(job.id) == named), jobs[0])


selection = current()
page_header(JOBS.title, JOBS.question)
show_cluster()
all_jobs = ledger(selection.ws).jobs(LATEST)
if not all_jobs:
    with st.container(border=True):
        st.markdown(
            "##### Nothing has run yet\nWhatever takes more than a second runs in the background and is "
            "listed here: imports, fine-tunes, maps. It goes on when you close the browser."
        )
        load_demo_button(selection.ws)
        link(UPLOAD, "Upload your own logs")
    st.stop()
all_jobs = sorted(all_jobs, key=lambda job: job.id, reverse=True)
st.markdown(f"##### {headline(all_jobs)}")
for active in active_jobs(selection.ws):
    watch(selection.ws, active)
chosen = pick(all_jobs, jobs_table(all_jobs))
if chosen is not None:
    show_details(selection.ws, chosen)
