"""A figure as every page shows it: what to see, the picture, its table, its downloads."""

from collections.abc import Callable
from typing import Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui.charts import CONFIG
from pages.ui.colours import ink
from pages.ui.phrases import in_chart, spoken
from pages.ui.tables import show_table


def show_figure(
    figure: go.Figure,
    *,
    title: str,
    alt: str,
    table: pd.DataFrame,
    name: str,
    note: str = "",
    on_select: Callable[[], None] | None = None,
    chart_key: str | None = None,
    single_people: bool = False,
) -> None:
    """Show ``figure`` under ``title`` (what to see) with ``alt`` for those who can't see it.

    ``table``: the numbers of the figure, with readable column names. ``name``: of the files that can be
    downloaded, and of the widgets' keys; unique on the page. ``single_people``: they can be seen in the
    figure, so it stays here.
    """
    st.markdown(f"#### {title}")
    if note:
        st.caption(note)
    extra = {} if on_select is None else {"on_select": on_select, "selection_mode": ("lasso", "box")}
    st.plotly_chart(
        figure, width="stretch", config=CONFIG, alt=alt, key=chart_key or f"chart-{name}", **extra
    )
    with st.expander("Table and downloads"):
        show_table(table, name)
        if single_people:
            return
        st.download_button(
            "Chart as HTML",
            data=lambda: as_html(figure, title),
            file_name=f"{name}.html",
            mime="text/html",
            key=f"html-{name}",
            icon=":material/download:",
            help="Opens without a network; its camera saves PNG. The camera above the chart saves SVG.",
            on_click="ignore",
        )


def as_html(figure: go.Figure, title: str) -> str:
    """One file that opens without a network and may not use one: the library is inside, the cloud button is
    not, and the camera saves PNG.
    """
    page = go.Figure(figure)
    page.update_layout(
        title=in_chart(spoken(title)), paper_bgcolor="white", plot_bgcolor="white", template="plotly_white"
    )
    page.update_layout(margin={"t": 80})
    page.update_traces(textfont_color=ink(dark=False), selector={"type": "sankey"})
    camera = {"toImageButtonOptions": {"format": "png", "scale": 2}}
    html: str = page.to_html(include_plotlyjs=True, full_html=True, config={**CONFIG, **camera})
    return html.replace("<head>", f"<head>{_NO_NETWORK}", 1)


_NO_NETWORK: Final = (
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data: blob:; form-action 'none'; base-uri 'none'\">"
)
"""The browser itself then lets a saved chart reach nothing, whatever a title holds."""
