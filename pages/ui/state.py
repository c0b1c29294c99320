"""What the user has selected: workspace, dataset and run. In the URL, so that a view is a link."""

from dataclasses import dataclass

import streamlit as st

from pages.ui.phrases import plain
from pages.ui.workspaces import WORKSPACE, names, opened, workspace
from recsys_core.errors import DriftmapError
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.records import DatasetInfo, RunInfo
from recsys_core.workspace.workspace import Workspace

DATASET, RUN = "dataset", "run"
_LOST = "lost-run"


@dataclass(frozen=True)
class Selection:
    """The workspace in use, its dataset in use (newest version) and the run in use; None where none."""

    ws: Workspace
    dataset: DatasetInfo | None
    run: RunInfo | None


@st.cache_resource(max_entries=32, show_spinner=False)
def _ledger(root: str) -> Ledger:
    return Ledger(opened(root))


def ledger(ws: Workspace) -> Ledger:
    """The job ledger of a workspace."""
    return _ledger(str(ws.root))


def current() -> Selection:
    """What is selected now, whether or not the pickers have been drawn."""
    ws = workspace()
    datasets = {info.name: info for info in _newest_first(ws.datasets())}
    chosen = st.session_state.get(DATASET) or st.query_params.get(DATASET)
    dataset = datasets.get(str(chosen)) or next(iter(datasets.values()), None)
    return Selection(ws, dataset, _run(ws, dataset))


def choose_dataset(name: str) -> None:
    """Select a dataset from the next rerun on (call it from a callback, or before the pickers)."""
    st.session_state["_choose_dataset"] = name


def choose_run(run_id: str) -> None:
    """Select a run from the next rerun on."""
    st.session_state["_choose_run"] = run_id


def _newest_first(datasets: list[DatasetInfo]) -> list[DatasetInfo]:
    return sorted(datasets, key=lambda info: info.created, reverse=True)


def _finished(ws: Workspace, dataset: DatasetInfo) -> list[RunInfo]:
    runs = [run for run in ws.runs(dataset.name) if run.status == "finished" and not run.stale]
    return sorted((r for r in runs if r.version == dataset.version), key=lambda r: r.created, reverse=True)


def _run(ws: Workspace, dataset: DatasetInfo | None) -> RunInfo | None:
    if dataset is None:
        return None
    chosen = str(st.session_state.get(RUN) or st.query_params.get(RUN) or "")
    by_id = {run.id: run for run in _finished(ws, dataset)}
    return by_id.get(chosen) or ws.run_in_use(dataset.name, dataset.version)


def finished_runs(selection: Selection) -> list[RunInfo]:
    """The runs on the dataset in use that can be used, newest first."""
    return _finished(selection.ws, selection.dataset) if selection.dataset else []


def lost_run(selection: Selection) -> RunInfo | None:
    """The run that the link asked for, where it cannot be used and another, or none, stands in for it."""
    asked, instead = st.session_state.get(_LOST, ("", ""))
    if not asked or selection.dataset is None or instead != (selection.run.id if selection.run else ""):
        return None
    return next((run for run in selection.ws.runs(selection.dataset.name) if run.id == asked), None)


def pickers() -> Selection | None:
    """The three pickers in the sidebar; None where the workspace cannot be opened (and said so)."""
    with st.sidebar:
        try:
            _pick_workspace()
            ws = workspace()
        except DriftmapError as error:
            st.error(plain(str(error)))
            return None
        _pick_dataset(ws)
        _pick_run(current())
        return current()


def _pick_workspace() -> None:
    there = names()
    if len(there) > 1:
        where = "A folder that holds datasets, models and results, with people of its own."
        _pick("Workspace", WORKSPACE, {name: name for name in there}, workspace().root.name, where)


def _pick_dataset(ws: Workspace) -> None:
    names = [info.name for info in _newest_first(ws.datasets())]
    _pick("Dataset", DATASET, {name: name for name in names}, names[0] if names else "", None)


def _pick_run(selection: Selection) -> None:
    finished = finished_runs(selection)
    in_use = selection.run.id if selection.run else ""
    runs = {run.id: run.name for run in finished}
    if (asked := st.query_params.get(RUN)) and asked not in runs:
        st.session_state[_LOST] = (asked, in_use)
    _pick("Model", RUN, runs, in_use, "Which fine-tuned model the pages speak of.")


def _pick(label: str, key: str, options: dict[str, str], default: str, about: str | None) -> None:
    """A picker of ``options`` (value: what is shown), held in the session and in the URL.

    The binding that widgets have leaves a value that is their default out of the URL, and the default
    changes when something newer arrives; a link must not.
    """
    if not options:
        st.session_state.pop(key, None)
        if key in st.query_params:
            del st.query_params[key]
        return
    wanted = (
        st.session_state.pop(f"_choose_{key}", None),
        st.session_state.get(key),
        st.query_params.get(key),
    )
    st.session_state[key] = next((value for value in wanted if value in options), default)
    st.selectbox(
        label, list(options), format_func=lambda value: options.get(value, value), key=key, help=about
    )
    if st.query_params.get(key) != st.session_state[key]:
        st.query_params[key] = st.session_state[key]
