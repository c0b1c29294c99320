"""Tables that people edit, whose edits outlive a visit to another page."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st


def edit_table(
    table: pd.DataFrame,
    key: str,
    *,
    by: str,
    editable: Mapping[str, Any],
    fixed: Mapping[str, Any] | None = None,
) -> pd.DataFrame:
    """``table`` with the edits made here; ``by``: the column that names its rows; ``editable``: column → its
    configuration, of the columns that may be edited; ``fixed``: that of others.

    Streamlit forgets the edits of a table that is not drawn, and takes a table that changes for another one:
    so the edits are kept in the session, and the table stays the same while it is drawn.
    """
    edits: dict[str, dict[str, Any]] = st.session_state.setdefault(f"{key}-edits", {})
    widget = f"{key}-{int(pd.util.hash_pandas_object(table.astype(str), index=False).sum())}"
    base_key = f"{key}-base"
    base = st.session_state.get(base_key)
    if base is None or base[0] != widget or widget not in st.session_state:
        base = (widget, _with_edits(table, by, edits))
        st.session_state[base_key] = base
    shown = st.data_editor(
        base[1],
        disabled=[column for column in table.columns if column not in editable],
        column_config={**(fixed or {}), **editable},
        hide_index=True,
        width="stretch",
        key=widget,
        alt=f"Table to edit: {', '.join(editable)}",
    )
    _note(edits, table, shown, by, list(editable))
    return shown


def _with_edits(table: pd.DataFrame, by: str, edits: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    changed = table.copy()
    for row, name in enumerate(table[by]):
        for column, value in edits.get(str(name), {}).items():
            changed.iloc[row, changed.columns.get_loc(column)] = value
    return changed


def _note(
    edits: dict[str, dict[str, Any]],
    table: pd.DataFrame,
    shown: pd.DataFrame,
    by: str,
    columns: Sequence[str],
) -> None:
    """Keep what differs from the guess."""
    for row, name in enumerate(table[by]):
        now = {c: shown.iloc[row][c] for c in columns if shown.iloc[row][c] != table.iloc[row][c]}
        edits.pop(str(name), None)
        if now:
            edits[str(name)] = now
