"""Imports under way: submitting them, their progress, what they brought."""

import streamlit as st

from pages.ui.empty import submit
from pages.ui.import_report import show_job_report
from pages.ui.places import COVERAGE, FINETUNE, link
from pages.ui.progress import show_job, watch
from pages.ui.state import choose_dataset, ledger
from recsys_core.jobs.job import Status
from recsys_core.pipeline import ImportRequest
from recsys_core.workspace.workspace import Workspace


def start_import(ws: Workspace, requests: list[ImportRequest]) -> None:
    """Submit the jobs, remember them, and clear the table for the next files."""
    for request in requests:
        params = {name: getattr(request, name) for name in ImportRequest.__dataclass_fields__}
        title = f"Import {request.domain or 'logs'} into {request.dataset}"
        if not submit(ws, "import", params, title=title, dataset=request.dataset):
            return
    newest = [job.id for job in ledger(ws).jobs(len(requests))]
    st.session_state["upload-jobs"] = sorted(newest)
    st.session_state.pop("upload", None)
    choose_dataset(requests[0].dataset)
    st.rerun()


def show_imports(ws: Workspace) -> None:
    """The imports that this session started: their progress, then what they brought."""
    jobs = [ledger(ws).job(job_id) for job_id in st.session_state.get("upload-jobs", [])]
    for job in jobs:
        if not job.ended:
            watch(ws, job)
        elif job.status is Status.FINISHED:
            show_job_report(job)
        else:
            show_job(ws, job)
    if jobs and all(job.status is Status.FINISHED for job in jobs):
        if st.session_state.get("upload-chosen") != jobs[-1].id:
            st.session_state["upload-chosen"] = jobs[-1].id
            choose_dataset(jobs[-1].dataset)
            st.rerun()
        with st.container(horizontal=True):
            link(COVERAGE, "Is it enough to learn from?")
            link(FINETUNE, "Fine-tune a model")
