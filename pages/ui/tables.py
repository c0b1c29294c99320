"""Tables as every page shows them: readable heads, percent as percent, CSV that no spreadsheet runs."""

import pandas as pd
import streamlit as st
from pandas.api.types import is_float_dtype, is_integer_dtype

from recsys_core.workspace.safe_csv import safe_csv

PERCENT = "(%)"
"""A column whose name ends so holds percentages, 0 to 100."""


def show_table(table: pd.DataFrame, name: str, height: int | None = None, *, export: bool = True) -> None:
    """Show ``table`` and, where it may be exported, a button for its CSV; ``name``: of the file and of the
    widgets' keys.
    """
    st.dataframe(
        table,
        hide_index=True,
        width="stretch",
        height="auto" if height is None else height,
        column_config={c: shown for c in table.columns if (shown := _format(table[c])) is not None},
        key=f"table-{name}",
        placeholder="–",
        alt=f"Table: {', '.join(map(str, table.columns))}",
    )
    if export:
        csv_button(table, name)


def csv_button(table: pd.DataFrame, name: str, label: str = "Table as CSV") -> None:
    """A button that downloads ``table``, made only when it is pressed."""
    st.download_button(
        label,
        data=lambda: safe_csv(table),
        file_name=f"{name}.csv",
        mime="text/csv",
        key=f"csv-{name}",
        icon=":material/download:",
        on_click="ignore",
    )


def _format(values: pd.Series) -> object:
    if str(values.name).endswith(PERCENT):
        return st.column_config.NumberColumn(format="%.1f %%")
    if str(values.name).endswith("(points)"):
        return st.column_config.NumberColumn(format="%+.1f")
    if is_integer_dtype(values):
        return st.column_config.NumberColumn(format="localized")
    if is_float_dtype(values):
        return st.column_config.NumberColumn(format="%.4f")
    return None
