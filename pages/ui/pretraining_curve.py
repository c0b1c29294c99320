"""How the language model came to know the catalogue's language, where it read the catalogue first."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.charts import CONFIG, framed
from pages.ui.colours import OKABE_ITO
from recsys_core.encoder.metric_names import PRETRAINING_LOSS


def show_pretraining(metrics: pd.DataFrame, job_id: int) -> None:
    """The loss of a job's pre-training, if it had any. ``metrics``: its metric events, oldest first."""
    loss = pretraining_curve(metrics)
    if len(loss) < 2:
        return
    first, last = loss.iloc[0], loss.iloc[-1]
    st.markdown(f"###### Reading the catalogue first: the loss went from {first:.2f} to {last:.2f}")
    st.plotly_chart(
        _figure(loss),
        width="stretch",
        config=CONFIG,
        alt=f"{PRETRAINING_LOSS} by step, from {first:.3g} to {last:.3g}",
        key=f"curve-{job_id}-{PRETRAINING_LOSS}",
    )
    st.caption("How surprised the language model is by the words it has to guess: lower is better.")


def pretraining_curve(metrics: pd.DataFrame) -> pd.Series:
    """Loss by step of the last pre-training in a job, empty where there was none."""
    rows = metrics[metrics["name"] == PRETRAINING_LOSS]
    begun = rows["step"].diff().le(0).cumsum()  # one that was cancelled begins anew when it is resumed
    last = rows[begun == begun.max()]
    return pd.Series(last["value"].to_numpy(float), index=last["step"].to_numpy(int))


def _figure(loss: pd.Series) -> go.Figure:
    figure = go.Figure()
    figure.add_scatter(
        x=loss.index,
        y=loss.to_numpy(),
        mode="lines",
        line={"color": OKABE_ITO[0], "width": 1.5},
        hovertemplate="step %{x:,}: %{y:.4g}<extra></extra>",
    )
    figure.update_xaxes(title="Step")
    figure.update_yaxes(title="Loss")
    return framed(figure, 220, legend=False)
