"""Giving interests other names, kept with the run and used on every page."""

import streamlit as st

from pages.ui.loaded import interests_key
from pages.ui.phrases import plain
from pages.ui.state import Selection
from recsys_core import pipeline
from recsys_core.columns import INTEREST, NAME, TERMS
from recsys_core.errors import DriftmapError
from recsys_core.interests.interests import UNCLEAR, Interests
from recsys_core.workspace.naming import LONGEST_NAME


def rename_box(selection: Selection, interests: Interests, level: int) -> None:
    """A button that opens the form: which interest, its name, and the way back."""
    of_level = interests.at_level(level)
    named = of_level[of_level[NAME] != UNCLEAR]
    with st.popover("Rename an interest", icon=":material/edit:"):
        ids = [int(i) for i in named[INTEREST]]
        chosen = st.selectbox("Interest", ids, format_func=interests.name, key=f"rename-which-{level}")
        st.caption(f"Typical words: {plain(str(interests.table[TERMS].iloc[chosen]))}")
        now = interests.name(chosen)
        name = st.text_input("Name", now, max_chars=LONGEST_NAME, key=f"rename-to-{chosen}-{now}")
        with st.container(horizontal=True):
            save = st.button("Save", type="primary", key="rename-save")
            back = st.button("Back to the found name", key="rename-back", icon=":material/undo:")
        st.caption("Everybody sees the name, on every page, until other interests are found.")
        if (save and name.strip() and name != now) or back:
            _rename(selection, chosen, "" if back else name)


def _rename(selection: Selection, interest: int, name: str) -> None:
    key = interests_key(selection)
    if key is None:
        return
    try:
        pipeline.rename_interest(selection.ws, key.dataset, key.version, key.run, interest, name)
    except DriftmapError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    st.rerun()
