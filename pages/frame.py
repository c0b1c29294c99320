"""The frame around every page: page settings, sign-in, the pickers in the sidebar, the navigation."""

from pathlib import Path

import streamlit as st

from pages.ui.places import pages_for, show_page
from pages.ui.signing_in import admitted, signed_in, welcome
from pages.ui.state import pickers
from pages.ui.workspaces import asker
from recsys_core.access import Role, identify_by

PICTURES = Path(__file__).parent / "ui"
DARK_TEXT_ON_ACCENT = """<style>
[data-testid^="stBaseButton-primary"]:not(:disabled), [data-tag], [data-tag] * { color: #0B1015 !important; }
</style>"""
"""Streamlit writes white on the accent; on the light accent of the dark theme that cannot be read."""

st.set_page_config(page_title="Driftmap", page_icon=str(PICTURES / "driftmap.svg"), layout="wide")
st.logo(str(PICTURES / "wordmark.svg"), icon_image=str(PICTURES / "driftmap.svg"), size="large")
if st.context.theme.type == "dark":
    st.html(DARK_TEXT_ON_ACCENT)
identify_by(signed_in)
inside = admitted()
role = asker().role if inside else Role.NOBODY
page = st.navigation(pages_for(role), position="sidebar" if inside else "hidden", expanded=True)
if inside and (selection := pickers()) is not None:
    welcome(selection.ws)
    show_page(page, role)
