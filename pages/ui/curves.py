"""The curves of a training: loss and score, learning rate and pace, live while it runs."""

from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.charts import CONFIG, drawn_once, framed
from pages.ui.colours import OKABE_ITO
from pages.ui.pretraining_curve import show_pretraining
from pages.ui.tables import show_table
from recsys_core.training.metric_names import (
    BY_EPOCH,
    EPOCH_LOSS,
    ITEMS,
    LIVE,
    LOSS,
    RATE,
    SCORE,
    TOKENS,
    UNITS,
    USERS,
)

SMALL: Final = (
    (RATE, "Learning rate", "Rate", 4),
    (USERS, "Users a second", "Users / s", 1),
    (ITEMS, "Texts taught a second", "Texts / s", 3),
)


def show_curves(metrics: pd.DataFrame, job_id: int) -> None:
    """The latest training of a job, and what it read before, if it had any. ``metrics``: its metric events,
    oldest first.
    """
    show_pretraining(metrics, job_id)
    table, live = latest_training(metrics), live_curves(metrics)
    if table.empty and live.empty:
        return
    st.markdown(curves_sentence(table))
    left, right = st.columns(2)
    with left:
        st.markdown("###### Training loss: lower is better")
        loss = live[LOSS].dropna() if LOSS in live else pd.Series(dtype=float)
        by_epoch = table[EPOCH_LOSS].dropna() if EPOCH_LOSS in table else pd.Series(dtype=float)
        _draw(_curve(by_epoch, "Loss", OKABE_ITO[0], behind=loss), by_epoch, EPOCH_LOSS, job_id)
    with right:
        st.markdown("###### Score on held-out users: higher is better")
        if SCORE in table:
            _draw(
                _curve(table[SCORE].dropna(), "NDCG@10", OKABE_ITO[2], best=True), table[SCORE], SCORE, job_id
            )
        else:
            st.caption("The first score comes at the end of the first epoch.")
    st.caption(
        "The loss says how surprised the model is by what people took next. The score (NDCG@10) says how "
        "high the items they really took stand among the first ten, for users it has not seen in that domain."
    )
    with st.expander("Learning rate, pace and table"):
        _small_curves(live, job_id)
        if not table.empty:
            shown = table.reset_index(names="Epoch").rename(columns=lambda name: name[:1].upper() + name[1:])
            show_table(shown, f"curves-{job_id}")


def latest_training(metrics: pd.DataFrame) -> pd.DataFrame:
    """One row per epoch (index), one column per metric, of the last training in the job."""
    return _pivot(_latest(metrics), BY_EPOCH)


def live_curves(metrics: pd.DataFrame) -> pd.DataFrame:
    """What the last training told as it went: index in epochs, one column per metric."""
    rows = _latest(metrics)
    units = rows.loc[rows["name"] == UNITS, "value"]
    table = _pivot(rows, LIVE)
    return table.set_axis(table.index / units.iloc[-1], axis=0) if len(units) else table.iloc[:0]


def newest(metrics: pd.DataFrame) -> dict[str, float]:
    """The newest value of each metric of the last training."""
    rows = _latest(metrics).dropna(subset="value")
    return {str(name): float(value) for name, value in rows.groupby("name")["value"].last().items()}


def trainings(metrics: pd.DataFrame) -> list[pd.DataFrame]:
    """Every training in the job, oldest first, each as ``latest_training`` gives the last."""
    rows = metrics[metrics["name"].isin(BY_EPOCH)]
    # An epoch number that doesn't grow begins a new training.
    number = rows["step"].groupby(rows["name"]).transform(lambda steps: steps.diff().le(0).cumsum())
    return [_pivot(part, BY_EPOCH) for _, part in rows.groupby(number)]


def curves_sentence(table: pd.DataFrame) -> str:
    """How many epochs, and which was best."""
    if table.empty:
        return "**The first epoch is under way.**"
    epochs = int(table.index.max())
    text = f"**{epochs} epoch{'s' * (epochs > 1)} done**"
    if SCORE in table:
        text += f", best so far at {int(table[SCORE].idxmax())} with a score of {table[SCORE].max():.3f}"
    return f"{text}."


def _latest(metrics: pd.DataFrame) -> pd.DataFrame:
    """A training that starts from nothing says so at step 0; one that goes on does not."""
    starts = metrics.loc[(metrics["name"] == UNITS) & (metrics["step"] == 0), "id"]
    return metrics[metrics["id"] >= starts.max()] if len(starts) else metrics


def _pivot(rows: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    wanted = rows[rows["name"].isin(names)]
    table = wanted.pivot_table(index="step", columns="name", values="value", aggfunc="last")
    return table.rename_axis(columns=None)


def _small_curves(live: pd.DataFrame, job_id: int) -> None:
    shown = [row for row in SMALL if row[0] in live and live[row[0]].notna().sum() > 1]
    if not shown:
        return
    for column, (name, title, axis, colour) in zip(st.columns(len(shown)), shown, strict=True):
        with column:
            st.markdown(f"###### {title}")
            values = live[name].dropna()
            _draw(
                _curve(pd.Series(dtype=float), axis, OKABE_ITO[colour], behind=values), values, name, job_id
            )
    if TOKENS in live:
        st.caption(f"The language model reads {live[TOKENS].dropna().iloc[-1]:,.0f} tokens a second.")


def _draw(figure: go.Figure, values: pd.Series, name: str, job_id: int) -> None:
    st.plotly_chart(
        figure,
        width="stretch",
        config=CONFIG,
        alt=f"{name} by epoch: {', '.join(f'{v:.3g}' for v in values.dropna().tail(20))}",
        key=f"curve-{job_id}-{name}",
    )


@drawn_once
def _curve(
    values: pd.Series, axis: str, colour: str, *, behind: pd.Series | None = None, best: bool = False
) -> go.Figure:
    """``values`` by epoch; ``behind``: a finer curve, in parts of epochs."""
    figure = go.Figure()
    if behind is not None and len(behind):
        figure.add_scatter(
            x=behind.index,
            y=behind.to_numpy(),
            mode="lines",
            line={"color": colour, "width": 1.5},
            opacity=0.55 if len(values) else 1.0,
            hovertemplate="after %{x:.2f} epochs: %{y:.4g}<extra></extra>",
        )
    if len(values):
        figure.add_scatter(
            x=values.index,
            y=values.to_numpy(),
            mode="lines+markers",
            line={"color": colour},
            hovertemplate="epoch %{x:.0f}: %{y:.4g}<extra></extra>",
        )
    if best and len(values):
        top = {"x": [values.idxmax()], "y": [values.max()]}
        marker = {"symbol": "star", "size": 14, "color": colour}
        figure.add_scatter(**top, mode="markers", marker=marker, hovertemplate="best<extra></extra>")
    figure.update_xaxes(title="Epoch", **({"dtick": max(1, len(values) // 8)} if len(values) > 1 else {}))
    figure.update_yaxes(title=axis)
    if best and len(values) == 1:  # one point alone would get an axis from below zero
        figure.update_xaxes(range=[0, 2], dtick=1)
        figure.update_yaxes(range=[0, max(2 * float(values.iloc[0]), 0.01)])
    return framed(figure, 260, legend=False)
