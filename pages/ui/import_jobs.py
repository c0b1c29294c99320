"""Imports under way: submitting them, their progress, what they brought."""

import streamlit as st

from pages.ui.alike import next_round
from pages.ui.empty import submit
from pages.ui.import_report import show_job_report
from pages.ui.places import COVERAGE, FINETUNE, link
from pages.ui.progress import show_job, watch
from pages.ui.state import choose_dataset, ledger
from recsys_core.errors import NotFoundError
from recsys_core.jobs.job import Job, Status
from recsys_core.pipeline import ImportRequest
from recsys_core.workspace.workspace import Workspace

JOB, CHOSEN = "upload-job", "upload-chosen"
FORM = ("upload", "upload-server", "upload-problems", "upload-files-edits", "upload-whole")
"""What the session holds of files that are on their way."""


def start_import(ws: Workspace, request: ImportRequest) -> bool:
    """Submit the job, remember it, and clear the table for the next files; whether it could be submitted."""
    title = f"Import logs into {request.dataset}"
    if not submit(ws, "import", request.as_params(), title=title, dataset=request.dataset):
        return False
    (newest,) = ledger(ws).jobs(1)
    st.session_state[JOB] = newest.id
    for name in FORM:
        st.session_state.pop(name, None)
    next_round()
    choose_dataset(request.dataset)
    return True


def show_import(ws: Workspace) -> None:
    """The import that this session started: its progress, then what it brought and what to do next."""
    job = _started(ws)
    if job is None:
        return
    if not job.ended:
        watch(ws, job)
    elif job.status is not Status.FINISHED:
        show_job(ws, job)
    else:
        _choose_once(job)
        show_job_report(job)
        with st.container(horizontal=True):
            link(COVERAGE, "Is it enough to learn from?")
            link(FINETUNE, "Fine-tune a model")


def _started(ws: Workspace) -> Job | None:
    """The job; None where there is none in this workspace."""
    if JOB not in st.session_state:
        return None
    try:
        return ledger(ws).job(st.session_state[JOB])
    except NotFoundError:
        return None


def _choose_once(job: Job) -> None:
    """Make the dataset the one in use, as soon as it is there."""
    if st.session_state.get(CHOSEN) != job.id:
        st.session_state[CHOSEN] = job.id
        choose_dataset(job.dataset)
        st.rerun()
