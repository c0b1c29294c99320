"""Giving interests other names, kept with the run and used on every page."""

import streamlit as st

from pages.ui.loaded import interests_key
from pages.ui.phrases import plain
from pages.ui.signing_in import allowed
from pages.ui.state import Selection
from recsys_core import pipeline
from recsys_core.access import Role
from recsys_core.columns import INTEREST, NAME, TERMS
from recsys_core.errors import DriftmapError
from recsys_core.interests.interests import UNCLEAR, Interests
from recsys_core.workspace.naming import LONGEST_NAME

_PROBLEM = "rename-problem"


def rename_box(selection: Selection, interests: Interests, level: int) -> None:
    """A button that opens the form: which interest, its name, and the way back."""
    of_level = interests.at_level(level)
    named = of_level[of_level[NAME] != UNCLEAR]
    with st.popover("Rename an interest", icon=":material/edit:"):
        ids = [int(i) for i in named[INTEREST]]
        chosen = st.selectbox("Interest", ids, format_func=interests.name, key=f"rename-which-{level}")
        st.caption(f"Typical words: {plain(str(interests.table[TERMS].iloc[chosen]))}")
        now = interests.name(chosen)
        key = f"rename-to-{chosen}-{now}"
        st.text_input("Name", now, max_chars=LONGEST_NAME, key=key)
        with st.container(horizontal=True):
            st.button(
                "Save",
                type="primary",
                key="rename-save",
                on_click=_save,
                args=(selection, chosen, now, key),
                **allowed(Role.ANALYST),
            )
            st.button(
                "Back to the found name",
                key="rename-back",
                icon=":material/undo:",
                on_click=_rename,
                args=(selection, chosen, now, ""),
                **allowed(Role.ANALYST),
            )
        if problem := st.session_state.pop(_PROBLEM, ""):
            st.error(plain(problem), icon=":material/error:")
        st.caption("Everybody sees the name, on every page, until other interests are found.")


def _save(selection: Selection, interest: int, seen: str, key: str) -> None:
    name = str(st.session_state[key]).strip()
    if name and name != seen:
        _rename(selection, interest, seen, name)


def _rename(selection: Selection, interest: int, seen: str, name: str) -> None:
    """``seen``: the name on the page, which somebody else may have changed meanwhile."""
    key = interests_key(selection)
    if key is None:
        return
    try:
        pipeline.rename_interest(selection.ws, key.dataset, key.version, key.run, interest, name, seen)
    except DriftmapError as error:
        st.session_state[_PROBLEM] = str(error)
