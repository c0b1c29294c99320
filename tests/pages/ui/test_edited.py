from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest


class Editor:
    """Stands in for the table in the browser: ``edits`` are of the user, ``shown`` is what it was given."""

    def __init__(self) -> None:
        self.edits: dict[int, str] = {}
        self.shown: list[list[str]] = []

    def __call__(self, table: pd.DataFrame, key: str, **_: Any) -> pd.DataFrame:
        self.shown = table.to_numpy().tolist()
        st.session_state.setdefault(key, {})
        edited = table.copy()
        for row, value in self.edits.items():
            edited.loc[row, "Holds"] = value
        return edited


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Editor:
    editor = Editor()
    monkeypatch.setattr(st, "data_editor", editor)
    return editor


def page(files: list[str]) -> None:
    import pandas as pd
    import streamlit as st

    from pages.ui.edited import edit_table

    table = pd.DataFrame({"File": files, "Holds": ["x" if name == "a" else "y" for name in files]})
    edited = edit_table(table, "files", by="File", editable={"Holds": None})
    st.text(" ".join(edited["Holds"]))


def test_the_table_stays_the_same_while_it_is_edited(editor: Editor) -> None:
    at = AppTest.from_function(page, args=(["a", "b"],)).run()
    editor.edits = {0: "z"}
    at.run()
    at.run()

    assert editor.shown == [["a", "x"], ["b", "y"]]
    assert at.text[0].value == "z y"


def test_edits_stay_where_the_table_becomes_another_one(editor: Editor) -> None:
    at = AppTest.from_function(page, args=(["a", "b"],)).run()
    editor.edits = {0: "z"}
    at.run()
    editor.edits = {}
    again = AppTest.from_function(page, args=(["c", "a"],))
    again.session_state["files-edits"] = at.session_state["files-edits"]
    again.run()

    assert editor.shown == [["c", "y"], ["a", "z"]]
    assert again.text[0].value == "y z"
