"""What can be done with a run: put it in use, rename it, delete it."""

import streamlit as st

from pages.ui.phrases import plain
from pages.ui.state import choose_run
from recsys_core.errors import DriftmapError
from recsys_core.workspace.records import RunInfo, RunStatus
from recsys_core.workspace.workspace import Workspace


def show_actions(ws: Workspace, runs: list[RunInfo], version: int) -> None:
    """A picker of a run with its three buttons; ``version``: of the data in use."""
    st.markdown("#### Choose, rename, delete")
    by_id = {run.id: run for run in runs}
    if st.session_state.get("run-to-change") not in by_id:
        st.session_state.pop("run-to-change", None)
    chosen = st.selectbox(
        "Model", list(by_id), format_func=lambda run_id: _label(by_id.get(run_id)), key="run-to-change"
    )
    run = by_id[chosen]
    finished = run.status is RunStatus.FINISHED and not run.stale
    usable = finished and run.version == version and not run.in_use
    with st.container(horizontal=True):
        st.button(
            "Use this model",
            type="primary",
            disabled=not usable,
            on_click=_use,
            args=(ws, run),
            key="use-run",
            help=None if usable else _why_not(run, version),
        )
        if st.button("Rename", key="rename-run", icon=":material/edit:"):
            _rename(ws, run)
        if st.button(
            "Delete",
            key="delete-run",
            icon=":material/delete:",
            disabled=run.status is RunStatus.RUNNING,
            help="Cancel its job first." if run.status is RunStatus.RUNNING else None,
        ):
            _delete(ws, run)


def _label(run: RunInfo | None) -> str:
    return (
        "" if run is None else f"{run.name}, {run.created:%Y-%m-%d %H:%M}{' (in use)' if run.in_use else ''}"
    )


def _why_not(run: RunInfo, version: int) -> str:
    if run.in_use:
        return "It is in use."
    if run.stale:
        return "It is stale: a person was removed from its data. Fine-tune again."
    if run.version != version:
        return f"It was trained on version {run.version} of the data; version {version} is in use."
    return f"It is {run.status}."


def _use(ws: Workspace, run: RunInfo) -> None:
    try:
        ws.choose_run(run.id)
    except DriftmapError as error:
        st.toast(str(error), icon=":material/error:")
        return
    choose_run(run.id)
    st.toast(f"{plain(run.name)} is in use.")


@st.dialog("Rename the model")
def _rename(ws: Workspace, run: RunInfo) -> None:
    st.text_input("Name", value=run.name, max_chars=64, key="run-name")
    if st.button("Save", type="primary", key="save-run-name", on_click=_save_name, args=(ws, run)):
        st.rerun()


def _save_name(ws: Workspace, run: RunInfo) -> None:
    try:
        ws.rename_run(run.id, str(st.session_state["run-name"]).strip())
    except DriftmapError as error:
        st.toast(str(error), icon=":material/error:")


@st.dialog("Delete the model?")
def _delete(ws: Workspace, run: RunInfo) -> None:
    st.markdown(
        f"*{plain(run.name)}* goes with its weights, and with the interests, maps and results computed "
        "with it. This cannot be undone. The data stay."
    )
    if st.button(
        "Delete for good", type="primary", key="confirm-delete-run", on_click=_delete_now, args=(ws, run)
    ):
        st.rerun()


def _delete_now(ws: Workspace, run: RunInfo) -> None:
    try:
        ws.delete_run(run.id)
    except DriftmapError as error:
        st.toast(str(error), icon=":material/error:")
