"""Events over time by domain: the first thing to see of a dataset."""

from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.charts import drawn_once, framed
from pages.ui.colours import domain_colours
from pages.ui.figures import show_figure
from pages.ui.phrases import count, in_chart
from recsys_core.catalogue.coverage import MONTH, events_by_month
from recsys_core.columns import DOMAIN, N_EVENTS, N_USERS
from recsys_core.workspace.records import DatasetInfo


def show_activity(info: DatasetInfo) -> None:
    """The chart of events per month, a line a domain, with what to see as its title."""
    table = _by_month(str(info.folder), info.hash)
    totals = table.groupby(MONTH)[N_EVENTS].sum()
    busiest = pd.Timestamp(totals.idxmax())
    show_figure(
        _figure(table),
        title=f"The busiest month was {busiest:%B %Y}, with {count(totals.max())} events",
        note="Events per month and domain. The first and the last month may be incomplete.",
        alt=(
            f"Events per month for {', '.join(info.domains)}, {info.first:%B %Y} to {info.last:%B %Y}; "
            f"most in {busiest:%B %Y}."
        ),
        table=_readable(table),
        name=f"{info.name}-events-by-month",
    )


@st.cache_data(max_entries=16, show_spinner="Counting events …")
def _by_month(folder: str, content: str) -> pd.DataFrame:
    del content  # what the answer depends on; the folder says where it lies
    return events_by_month(Path(folder) / "interactions.parquet")


@drawn_once
def _figure(table: pd.DataFrame) -> go.Figure:
    colours = domain_colours(list(table[DOMAIN].unique()))
    months = pd.date_range(table[MONTH].min(), table[MONTH].max(), freq="MS")
    figure = go.Figure()
    for domain, colour in colours.items():
        rows = table[table[DOMAIN] == domain].set_index(MONTH)[N_EVENTS].reindex(months, fill_value=0)
        figure.add_scatter(
            x=rows.index,
            y=rows.to_numpy(),
            name=in_chart(domain),
            mode="lines",
            line={"color": colour, "width": 2.5},
            hovertemplate=f"{in_chart(domain)}, %{{x|%B %Y}}: %{{y:,}} events<extra></extra>",
        )
    figure.update_xaxes(title="Month", tickformat="%b %Y")
    figure.update_yaxes(title="Events per month", rangemode="tozero", tickformat=",")
    return framed(figure, 340)


def _readable(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Month": table[MONTH].dt.strftime("%Y-%m"),
            "Domain": table[DOMAIN],
            "Events": table[N_EVENTS],
            "Users": table[N_USERS],
        }
    )
