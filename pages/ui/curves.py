"""The curves of a training: loss, score and pace by epoch, live while it runs."""

from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.charts import CONFIG, framed
from pages.ui.colours import OKABE_ITO
from pages.ui.phrases import count
from pages.ui.tables import show_table

LOSS: Final = "training loss"
SCORE: Final = "validation NDCG@10"
PACE: Final = "users per second"


def show_curves(metrics: pd.DataFrame, job_id: int) -> None:
    """The latest training of a job, if it had any. ``metrics``: its metric events, oldest first."""
    if metrics.empty:
        return
    table = latest_training(metrics)
    st.markdown(curves_sentence(table))
    columns = st.columns(2)
    shown = [
        (LOSS, "Training loss: lower is better", 0),
        (SCORE, "Score on held-out users: higher is better", 2),
    ]
    for column, (name, title, colour) in zip(columns, shown, strict=True):
        if name not in table:
            continue
        with column:
            st.markdown(f"###### {title}")
            st.plotly_chart(
                _curve(table[name].dropna(), name, OKABE_ITO[colour], best=name == SCORE),
                width="stretch",
                config=CONFIG,
                alt=f"{name} by epoch: {', '.join(f'{v:.3g}' for v in table[name].dropna().tail(20))}",
                key=f"curve-{job_id}-{name}",
            )
    st.caption(
        "The loss says how surprised the model is by what people took next. The score (NDCG@10) says how "
        "high the items they really took stand among the first ten, for users it has not seen in that domain."
    )
    with st.expander("Table and downloads"):
        show_table(table.reset_index(names="Epoch").rename(columns=str.capitalize), f"curves-{job_id}")


def latest_training(metrics: pd.DataFrame) -> pd.DataFrame:
    """One row per epoch (index), one column per metric, of the last training in the job."""
    began = metrics.groupby("name")["step"].diff().le(0)  # an epoch number that doesn't grow: a new training
    last = metrics.loc[began, "id"].groupby(metrics["name"]).max()
    return _by_epoch(metrics[metrics["id"] >= metrics["name"].map(last).fillna(0)])


def trainings(metrics: pd.DataFrame) -> list[pd.DataFrame]:
    """Every training in the job, oldest first, each as ``latest_training`` gives the last."""
    number = metrics["step"].groupby(metrics["name"]).transform(lambda steps: steps.diff().le(0).cumsum())
    return [_by_epoch(rows) for _, rows in metrics.groupby(number)]


def _by_epoch(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.pivot_table(index="step", columns="name", values="value", aggfunc="last").rename_axis(
        columns=None
    )


def curves_sentence(table: pd.DataFrame) -> str:
    """How many epochs, which was best, and the pace."""
    epochs = int(table.index.max())
    text = f"**{epochs} epoch{'s' * (epochs > 1)} done**"
    if SCORE in table:
        text += f", best so far at {int(table[SCORE].idxmax())} with a score of {table[SCORE].max():.3f}"
    if PACE in table:
        text += f"; {count(table[PACE].dropna().iloc[-1])} users per second"
    return f"{text}."


def _curve(values: pd.Series, name: str, colour: str, *, best: bool) -> go.Figure:
    figure = go.Figure(
        go.Scatter(
            x=values.index,
            y=values.to_numpy(),
            mode="lines+markers",
            line={"color": colour},
            hovertemplate="epoch %{x:.0f}: %{y:.4g}<extra></extra>",
        )
    )
    if best and len(values):
        top = {"x": [values.idxmax()], "y": [values.max()]}
        marker = {"symbol": "star", "size": 14, "color": colour}
        figure.add_scatter(**top, mode="markers", marker=marker, hovertemplate="best<extra></extra>")
    figure.update_xaxes(title="Epoch", dtick=max(1, len(values) // 8))
    figure.update_yaxes(title="NDCG@10" if name == SCORE else "Loss")
    return framed(figure, 260, legend=False)
