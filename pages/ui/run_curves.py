"""The curves of several runs over each other: loss and score by epoch."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.charts import framed
from pages.ui.colours import OKABE_ITO
from pages.ui.curves import trainings
from pages.ui.figures import show_figure
from pages.ui.phrases import in_chart, listed, plain, shorten
from pages.ui.run_jobs import KINDS, LATEST, job_of
from pages.ui.state import ledger
from recsys_core.training.metric_names import EPOCH_LOSS, SCORE
from recsys_core.workspace.curve import read_curve
from recsys_core.workspace.records import RunInfo, RunStatus
from recsys_core.workspace.workspace import Workspace

MOST: Final = len(OKABE_ITO)
MARKS: Final = ("circle", "square", "diamond", "triangle-up", "x", "cross", "triangle-down", "pentagon")


def show_run_curves(ws: Workspace, runs: Sequence[RunInfo], names: Mapping[str, str]) -> None:
    """Two charts side by side, a line per run, each with its table and downloads."""
    curves = {names[run.id]: curve_of(ws, run) for run in runs}
    bare = [run for run in runs if curves[names[run.id]].empty]
    kept = {name: curve for name, curve in curves.items() if not curve.empty}
    left, right = st.columns(2)
    for column, measure in ((left, SCORE), (right, EPOCH_LOSS)):
        table = overlaid(kept, measure)
        if table.empty:
            continue
        with column:
            show_figure(
                figure(table, measure),
                title=title_of(table, measure),
                note=NOTES[measure],
                alt=alt_of(table, measure),
                table=table.reset_index(names="Epoch"),
                name="runs-score" if measure == SCORE else "runs-loss",
            )
    for begins, sentence in ((True, BEGINS), (False, NOT_KEPT)):
        said = [names[run.id] for run in bare if (run.status is RunStatus.RUNNING) is begins]
        if said:
            st.caption(sentence.format(listed([f"*{plain(name)}*" for name in said])))


BEGINS: Final = "A curve begins with the end of the first epoch: {}."
NOT_KEPT: Final = "No curve is kept for {}."
NOTES: Final[Mapping[str, str]] = {
    SCORE: "NDCG@10 on held-out users: higher is better. A star marks the epoch that is kept.",
    EPOCH_LOSS: "How surprised the model is by what people took next: lower is better.",
}


def curve_of(ws: Workspace, run: RunInfo) -> pd.DataFrame:
    """What was measured after each epoch (index), one column per measure; empty where nothing was kept.

    Runs of older versions have no curve of their own; the job that made them may still have its events.
    """
    kept = read_curve(run.folder)
    if not kept.empty:
        return kept
    jobs = [job for job in ledger(ws).jobs(LATEST) if job.kind in KINDS]
    job = job_of(ledger(ws), run, jobs)
    found = trainings(ledger(ws).events(job.id, kind="metric")) if job else []
    if not found or job is None:
        return kept
    return found[0] if job.kind == "demo" else found[-1]  # the demo trains again to score recommenders


def overlaid(curves: Mapping[str, pd.DataFrame], measure: str) -> pd.DataFrame:
    """Epoch (index) × run (column, by name) of one measure; runs that lack it are left out."""
    found = {name: curve[measure].dropna() for name, curve in curves.items() if measure in curve}
    return pd.DataFrame({name: values for name, values in found.items() if len(values)}).sort_index()


def title_of(table: pd.DataFrame, measure: str) -> str:
    """What to see: which run reaches the best, and where."""
    best = table.max() if measure == SCORE else table.min()
    name = str(best.idxmax() if measure == SCORE else best.idxmin())
    value, epoch = best[name], _best_epoch(table[name], measure)
    if measure == SCORE:
        return f"Score: *{plain(name)}* reaches {value:.3f} at epoch {epoch}"
    return f"Training loss: *{plain(name)}* comes down to {value:.2f}"


def alt_of(table: pd.DataFrame, measure: str) -> str:
    """The chart in words."""
    what = "Validation NDCG@10" if measure == SCORE else "Training loss"
    ends = [f"{name} {values.dropna().iloc[-1]:.3g}" for name, values in table.items()]
    return f"{what} by epoch of {listed(list(map(str, table.columns)))}; at the end: {', '.join(ends)}"


def figure(table: pd.DataFrame, measure: str) -> go.Figure:
    """A line with its own colour and mark per run; ``table``: of ``overlaid``."""
    drawn = go.Figure()
    for place, (name, column) in enumerate(table.items()):
        values, colour, mark = column.dropna(), OKABE_ITO[place % MOST], MARKS[place % MOST]
        drawn.add_scatter(
            x=values.index,
            y=values.to_numpy(),
            name=in_chart(shorten(str(name), 22)),
            mode="lines+markers",
            line={"color": colour, "width": 2.5},
            marker={"size": 7, "symbol": mark},
            legendgroup=str(place),
            hovertemplate=f"<b>{in_chart(name)}</b><br>epoch %{{x:.0f}}: %{{y:.4f}}<extra></extra>",
        )
        if measure == SCORE:
            best = _best_epoch(values, measure)
            drawn.add_scatter(
                x=[best],
                y=[values[best]],
                mode="markers",
                marker={"symbol": "star", "size": 15, "color": colour},
                legendgroup=str(place),
                showlegend=False,
                hovertemplate=f"<b>{in_chart(name)}</b><br>best, epoch {best}: %{{y:.4f}}<extra></extra>",
            )
    drawn.update_xaxes(title="Epoch", dtick=max(1, len(table) // 8))
    drawn.update_yaxes(title="NDCG@10" if measure == SCORE else "Loss")
    return framed(drawn, 320)


def _best_epoch(values: pd.Series, measure: str) -> int:
    return int(values.idxmax() if measure == SCORE else values.idxmin())
