"""The list of jobs, and everything one job has said."""

from datetime import datetime

import pandas as pd
import streamlit as st

from pages.ui.curves import show_curves
from pages.ui.job_pulse import device_words, show_log_tail
from pages.ui.phrases import plain
from pages.ui.progress import STATUS_WORDS, duration, show_job
from pages.ui.state import ledger
from recsys_core.access import OWNER
from recsys_core.jobs.job import Job, Status
from recsys_core.workspace.workspace import Workspace


def headline(jobs: list[Job]) -> str:
    """How many run and wait, and the last failure with what to do."""
    running = sum(job.status in (Status.RUNNING, Status.CANCELLING) for job in jobs)
    waiting = sum(job.status is Status.QUEUED for job in jobs)
    failed = [job for job in jobs if job.status in (Status.FAILED, Status.LOST)]
    text = f"{running} running, {waiting} waiting"
    if not failed:
        return f"{text}; none failed."
    last = failed[0]
    why = last.error or "its process ended before it was done."
    return f"{text}; last failure: {plain(last.title)}: {plain(why)}"


def jobs_table(jobs: list[Job]) -> pd.DataFrame:
    """A readable row per job; who submitted it, where that was not only the owner of the machine."""
    table = pd.DataFrame(
        {
            "Job": [job.id for job in jobs],
            "What": [job.title for job in jobs],
            "Dataset": [job.dataset for job in jobs],
            "Status": [STATUS_WORDS[job.status] for job in jobs],
            "By": [job.actor for job in jobs],
            "Submitted": [when(job.created) for job in jobs],
            "Took": [duration(job.seconds) if job.started else "" for job in jobs],
        }
    )
    return table if any(job.actor != OWNER.name for job in jobs) else table.drop(columns="By")


def show_details(ws: Workspace, job: Job) -> None:
    """One job: where it stands, its curves and its log."""
    st.markdown(f"#### {plain(job.title)}")
    if job.ended:
        show_job(ws, job)
    if job.started:
        ended = f", ended {when(job.finished)}" if job.finished else ""
        st.caption(f"Started {when(job.started)}{ended}. Runs on {device_words(job.device)}.")
    events = ledger(ws).events(job.id)
    show_curves(events[events["kind"] == "metric"], job.id)
    show_log_tail(ws, job, events, most=500)


def when(moment: datetime) -> str:
    """``2026-03-01 14:05 UTC``."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"
