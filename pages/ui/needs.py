"""What a job needs of the machine, before the button that starts it."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui.phrases import plain
from recsys_core.jobs.costs import needs_of
from recsys_core.workspace.workspace import Workspace


def show_needs(ws: Workspace, kind: str, params: Mapping[str, Any]) -> None:
    """Nothing where it is little; a warning where it would be refused now."""
    needs = needs_of(ws, kind, params)
    if needs is None:
        return
    if refusal := needs.refusal():
        st.warning(plain(refusal), icon=":material/memory:")
    elif needs.large:
        st.caption(f":material/hourglass_top: {plain(needs.sentence())}")
