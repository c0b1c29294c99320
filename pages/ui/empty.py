"""Empty states: what a page will show, what is missing, and the button that gets there."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.needs import show_needs
from pages.ui.phrases import plain
from pages.ui.places import FINETUNE, HOME, UPLOAD, Place, link
from pages.ui.progress import active_jobs, watch
from pages.ui.signing_in import allowed
from pages.ui.state import Selection
from recsys_core.access import Role
from recsys_core.errors import DriftmapError
from recsys_core.jobs.local import submit_local
from recsys_core.workspace.records import DatasetInfo, RunInfo
from recsys_core.workspace.workspace import Workspace

DEMO_DATASET = "demo"


def require_dataset(selection: Selection, will_show: str) -> DatasetInfo:
    """The dataset in use. Where there is none: says what the page will show, offers the ways there, stops."""
    if selection.dataset is None:
        with st.container(border=True):
            st.markdown(f"##### Nothing to show yet\n{will_show} It needs interaction logs first.")
            load_demo_button(selection.ws)
            link(UPLOAD, "Upload your own logs")
        st.stop()
    return selection.dataset


def require_run(selection: Selection, will_show: str) -> RunInfo:
    """The run in use, with a dataset. Where there is none: an empty state with the way there; stops."""
    require_dataset(selection, will_show)
    if selection.run is None:
        empty_state(will_show, "It needs a fine-tuned model first.", FINETUNE, "Fine-tune a model")
        watch_jobs(selection, "finetune", "demo")
        st.stop()
    return selection.run


def empty_state(will_show: str, missing: str, place: Place = HOME, label: str = "") -> None:
    """A frame that says what will be here, what is missing, and links to the page that gets there."""
    with st.container(border=True):
        st.markdown(f"##### Nothing to show yet\n{will_show} {missing}")
        link(place, label or place.title)


def offer_job(
    selection: Selection, kind: str, params: Mapping[str, Any], *, will_show: str, label: str, title: str
) -> None:
    """An empty state whose button starts the job that fills the page; its progress while it runs."""
    with st.container(border=True):
        st.markdown(f"##### Nothing to show yet\n{will_show}")
        job_button(selection.ws, kind, params, label=label, title=title, dataset=_name(selection))


def job_button(
    ws: Workspace, kind: str, params: Mapping[str, Any], *, label: str, title: str, dataset: str = ""
) -> None:
    """What one job of ``kind`` needs, where that is much, and a button that submits it; while such a job is
    under way, its progress instead.
    """
    under_way = [job for job in active_jobs(ws) if job.kind == kind and job.dataset in ("", dataset)]
    if under_way:
        watch(ws, under_way[0])
        return
    show_needs(ws, kind, params)
    pressed = st.button(
        label, type="primary", key=f"start-{kind}", icon=":material/play_arrow:", **allowed(Role.ANALYST)
    )
    if pressed and submit(ws, kind, params, title=title, dataset=dataset):
        st.rerun()


def submit(ws: Workspace, kind: str, params: Mapping[str, Any], *, title: str, dataset: str) -> bool:
    """Submit a job; False, with the reason on the page, where it cannot be."""
    try:
        submit_local(ws, kind, dict(params), title=title, dataset=dataset)
    except DriftmapError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return False
    return True


def load_demo_button(ws: Workspace) -> None:
    """The button that loads the sample and runs everything on it; then the progress of that."""
    job_button(ws, "demo", {}, label="Load the demo", title="Load the demo", dataset=DEMO_DATASET)


def watch_jobs(selection: Selection, *kinds: str) -> None:
    """The progress of what is under way for the dataset in use; only jobs of ``kinds`` where given."""
    for job in active_jobs(selection.ws, _name(selection)):
        if not kinds or job.kind in kinds:
            watch(selection.ws, job)


def _name(selection: Selection) -> str:
    return selection.dataset.name if selection.dataset else ""
