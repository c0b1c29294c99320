"""What the user has selected: workspace, dataset and run. In the URL, so that a view is a link."""

import re
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from recsys_core.errors import DriftmapError
from recsys_core.jobs.ledger import Ledger
from recsys_core.settings import read_settings
from recsys_core.workspace.records import DatasetInfo, RunInfo
from recsys_core.workspace.workspace import Workspace

WORKSPACE, DATASET, RUN = "workspace", "dataset", "run"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,63}")


@dataclass(frozen=True)
class Selection:
    """The workspace in use, its dataset in use (newest version) and the run in use; None where none."""

    ws: Workspace
    dataset: DatasetInfo | None
    run: RunInfo | None


@st.cache_resource(max_entries=8, show_spinner=False)
def _open(root: str) -> Workspace:
    return Workspace.open(Path(root))


@st.cache_resource(max_entries=8, show_spinner=False)
def _ledger(root: str) -> Ledger:
    return Ledger(_open(root))


def ledger(ws: Workspace) -> Ledger:
    """The job ledger of a workspace."""
    return _ledger(str(ws.root))


def workspace() -> Workspace:
    """The workspace in use: the one the server was started on, or one beside it."""
    home = read_settings().workspace.resolve()
    name = str(st.session_state.get(WORKSPACE) or st.query_params.get(WORKSPACE) or home.name)
    return _open(str(home.parent / name if _NAME.fullmatch(name) else home))


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
    runs = [run for run in ws.runs(dataset.name) if run.status == "finished"]
    return sorted((r for r in runs if r.version == dataset.version), key=lambda r: r.created, reverse=True)


def _run(ws: Workspace, dataset: DatasetInfo | None) -> RunInfo | None:
    if dataset is None:
        return None
    chosen = str(st.session_state.get(RUN) or st.query_params.get(RUN) or "")
    by_id = {run.id: run for run in _finished(ws, dataset)}
    return by_id.get(chosen) or ws.run_in_use(dataset.name, dataset.version)


def pickers() -> Selection | None:
    """The three pickers in the sidebar; None where the workspace cannot be opened (and said so)."""
    with st.sidebar:
        try:
            _pick_workspace()
            ws = workspace()
        except DriftmapError as error:
            st.error(str(error))
            return None
        _pick_dataset(ws)
        selection = current()
        _pick_run(selection)
        return current()


def _pick_workspace() -> None:
    home = read_settings().workspace.resolve()
    beside = sorted(p.parent.name for p in home.parent.glob("*/catalog.db"))
    names = [home.name, *(name for name in beside if name != home.name and _NAME.fullmatch(name))]
    if len(names) > 1:
        _seed(WORKSPACE, names, home.name)
        st.selectbox(
            "Workspace",
            names,
            index=None,
            key=WORKSPACE,
            bind="query-params",
            required=True,
            help=f"A folder that holds datasets, models and results. These lie in {home.parent}.",
        )


def _pick_dataset(ws: Workspace) -> None:
    names = [info.name for info in _newest_first(ws.datasets())]
    if not names:
        return
    wanted = st.session_state.pop("_choose_dataset", None)
    if wanted in names:
        st.session_state[DATASET] = wanted
    _seed(DATASET, names, names[0])
    st.selectbox("Dataset", names, index=None, key=DATASET, bind="query-params", required=True)


def _pick_run(selection: Selection) -> None:
    if selection.dataset is None:
        return
    runs = {run.id: run for run in _finished(selection.ws, selection.dataset)}
    wanted = st.session_state.pop("_choose_run", None)
    if wanted in runs:
        st.session_state[RUN] = wanted
    if not runs:
        return
    in_use = selection.run.id if selection.run and selection.run.id in runs else next(iter(runs))
    _seed(RUN, list(runs), in_use)
    st.selectbox(
        "Model run",
        list(runs),
        index=None,
        key=RUN,
        bind="query-params",
        required=True,
        help="Which fine-tuned model the pages speak of.",
    )


def _seed(key: str, options: list[str], default: str) -> None:
    """Select ``default`` unless the session or the URL holds one of ``options``.

    A value that equals the widget's own default is not written to the URL, so the widgets have none.
    """
    held = st.session_state.get(key)
    if held is None and st.query_params.get(key) in options:
        return
    if held not in options:
        st.session_state[key] = default
