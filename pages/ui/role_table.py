"""The table in which people see and mend which column plays which role."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from recsys_core.logs.formats import FileInfo, FileKind

NONE: Final = "(none)"
NEEDED: Final = {FileKind.INTERACTIONS: ("user", "item", "time"), FileKind.ITEMS: ("item",)}
ROLES: Final = {
    FileKind.INTERACTIONS: {
        "user": "User: who did it",
        "item": "Item: with what",
        "time": "Time: when",
        "domain": "Domain: the shop or section, where one file holds several",
        "event": "Event: what was done, e.g. view or buy",
        "weight": "Weight: how strongly, a number of 0 or more",
    },
    FileKind.ITEMS: {
        "item": "Item: the same id as in the log",
        "title": "Title: what people read",
        "category": "Category",
        "domain": "Domain: where one file holds several",
    },
}
TEXT: Final = "text"


def pick_roles(infos: Sequence[FileInfo], kind: FileKind, key: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """The role table of files with the same columns.

    Gives the corrections (role → column where it differs from the guess, "" where taken away) and the
    needed roles that have no column yet.
    """
    info = infos[0]
    guess = info.guess
    start = [guess.fields.get(role, NONE) for role in ROLES[kind]]
    edited = st.data_editor(
        pd.DataFrame(
            {
                "What it is": list(ROLES[kind].values()),
                "Column": [column if column in info.columns else NONE for column in start],
                "Example": [_example(info, column) for column in start],
                "How sure": [_sureness(guess.confidence.get(role)) for role in ROLES[kind]],
            }
        ),
        column_config={
            "What it is": st.column_config.TextColumn(disabled=True, width="large"),
            "Column": st.column_config.SelectboxColumn(options=[NONE, *info.columns], required=True),
            "Example": st.column_config.TextColumn(disabled=True),
            "How sure": st.column_config.TextColumn(disabled=True),
        },
        hide_index=True,
        width="stretch",
        key=f"roles-{key}",
    )
    chosen = dict(zip(ROLES[kind], (str(c) for c in edited["Column"]), strict=True))
    corrections = {
        role: "" if column == NONE else column
        for role, column in chosen.items()
        if column != guess.fields.get(role, NONE)
    }
    if kind is FileKind.ITEMS:
        corrections |= _pick_text(info, key)
    return corrections, tuple(role for role in NEEDED[kind] if chosen[role] == NONE)


def _pick_text(info: FileInfo, key: str) -> dict[str, str]:
    guessed = info.guess.fields.get(TEXT, "")
    default = [guessed] if guessed in info.columns else [c for c in guessed.split(",") if c in info.columns]
    chosen = st.multiselect(
        "Text: what the language model reads besides the title",
        info.columns,
        default=default,
        key=f"text-{key}",
        help="Descriptions help most. Several columns are joined.",
    )
    return {} if chosen == default else {TEXT: ",".join(chosen)}


def _example(info: FileInfo, column: str) -> str:
    values = info.sample[column] if column in info.columns else pd.Series(dtype=str)
    return next((str(value)[:60] for value in values if value), "")


def _sureness(confidence: float | None) -> str:
    if confidence is None:
        return ""
    return "sure, by its name" if confidence >= 1 else f"{confidence:.0%}, by its values"
