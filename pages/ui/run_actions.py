"""What can be done with a run: put it in use, start again like it, take it away, rename it, delete it."""

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Final

import streamlit as st

from pages.ui.phrases import plain
from pages.ui.places import FINETUNE
from pages.ui.run_jobs import Fate
from pages.ui.run_words import DEFAULT_EPOCHS, unique_names
from pages.ui.signing_in import allowed, while_admitted
from pages.ui.state import choose_run
from recsys_core.access import Role
from recsys_core.errors import DriftmapError
from recsys_core.workspace.archive import archive_run, has_encoder
from recsys_core.workspace.records import RunInfo, RunStatus
from recsys_core.workspace.workspace import Workspace

NOTHING_YET: Final = "It has nothing to take away: only a finished model has weights."


def show_actions(
    ws: Workspace, runs: list[RunInfo], version: int, fates: Mapping[str, Fate] | None = None
) -> None:
    """A picker of a run with its buttons; ``version``: of the data in use."""
    st.markdown("#### Use, export, start again")
    by_id, names = {run.id: run for run in runs}, unique_names(runs)
    if st.session_state.get("run-to-change") not in by_id:
        st.session_state.pop("run-to-change", None)
    in_use = next((place for place, run in enumerate(runs) if run.in_use), 0)
    chosen = st.selectbox(
        "Model",
        list(by_id),
        index=in_use,
        format_func=lambda run_id: _label(by_id.get(run_id), names.get(run_id, "")),
        key="run-to-change",
    )
    run = by_id[chosen]
    fate = (fates or {}).get(run.id)
    at_work = run.status is RunStatus.RUNNING and not (fate and fate.interrupted)
    with st.container(horizontal=True):
        _use_button(ws, run, version, next((r.id for r in runs if r.in_use and r.version == version), None))
        if st.button(
            "Start again with these settings",
            key="again-run",
            icon=":material/replay:",
            **allowed(Role.ANALYST, help="Opens the fine-tune page with the same choices filled in."),
        ):
            _start_again(run)
        _download_button(run)
        if st.button("Rename", key="rename-run", icon=":material/edit:", **allowed(Role.ANALYST)):
            _rename(ws, run)
        if st.button(
            "Delete",
            key="delete-run",
            icon=":material/delete:",
            **allowed(Role.ADMIN, disabled=at_work, help="Cancel its job first." if at_work else None),
        ):
            _delete(ws, run)
    st.caption(_where(run))


def _use_button(ws: Workspace, run: RunInfo, version: int, seen: str | None) -> None:
    finished = run.status is RunStatus.FINISHED and not run.stale
    usable = finished and run.version == version and not run.in_use
    st.button(
        "Use this model",
        type="primary",
        on_click=_use,
        args=(ws, run, seen),
        key="use-run",
        **allowed(Role.ANALYST, disabled=not usable, help=None if usable else _why_not(run, version)),
    )


def _download_button(run: RunInfo) -> None:
    ready = run.status is RunStatus.FINISHED and run.folder.is_dir()
    st.download_button(
        "Export folder",
        data=while_admitted(lambda: zipped(run)),
        file_name=f"{file_name(run)}.zip",
        mime="application/zip",
        key="export-run",
        icon=":material/download:",
        on_click="ignore",
        disabled=not ready,
        help=None if ready else NOTHING_YET,
    )


def zipped(run: RunInfo) -> bytes:
    """The run's folder as a zip, made only when it is asked for."""
    out = BytesIO()
    archive_run(run, out)
    return out.getvalue()


def file_name(run: RunInfo) -> str:
    """The run's name as a file's: letters, digits and dashes."""
    return re.sub(r"[^\w-]+", "-", f"{run.dataset}-{run.name}").strip("-")


def prefilled(run: RunInfo) -> dict[str, object]:
    """What the fine-tune page's form holds to make a run like ``run``, by widget key."""
    return {
        "finetune-mode": str(run.options.get("mode") or "head"),
        "finetune-epochs": int(run.options.get("epochs") or DEFAULT_EPOCHS),
        "finetune-seed": int(run.options.get("seed") or 0),
        "finetune-pretrain": int(run.options.get("pretrain") or 0),
        "finetune-encoder": str(run.options.get("encoder") or ""),
    }


def _start_again(run: RunInfo) -> None:
    st.session_state.update(prefilled(run))
    st.switch_page(FINETUNE.path)


def _where(run: RunInfo) -> str:
    if run.status is not RunStatus.FINISHED or not run.folder.is_dir():
        return NOTHING_YET
    inside = (
        "with its text encoder as a sentence-transformers folder"
        if has_encoder(run)
        else "without a text encoder, because the language model stayed as it is"
    )
    return (
        f"The export holds the weights, the curve and the settings, {inside}. On this machine: `{run.folder}`"
    )


def _label(run: RunInfo | None, name: str) -> str:
    return "" if run is None else f"{name}, {run.created:%Y-%m-%d %H:%M}{' (in use)' if run.in_use else ''}"


def _why_not(run: RunInfo, version: int) -> str:
    if run.in_use:
        return "It is in use."
    if run.stale:
        return "It is stale: a person was removed from its data. Fine-tune again."
    if run.version != version:
        return f"It was trained on version {run.version} of the data; version {version} is in use."
    return f"It is {run.status}."


def _use(ws: Workspace, run: RunInfo, seen: str | None) -> None:
    try:
        ws.choose_run(run.id, seen)
    except DriftmapError as error:
        st.toast(plain(str(error)), icon=":material/error:", duration="long")
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
        ws.rename_run(run.id, str(st.session_state["run-name"]).strip(), run.name)
    except DriftmapError as error:
        st.toast(plain(str(error)), icon=":material/error:", duration="long")


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
        st.toast(plain(str(error)), icon=":material/error:", duration="long")
