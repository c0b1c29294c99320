"""The frame around every page: page settings, the pickers in the sidebar, the navigation."""

from pathlib import Path

import streamlit as st

from pages.ui.places import SECTIONS
from pages.ui.state import pickers

PICTURES = Path(__file__).parent / "ui"
DARK_TEXT_ON_ACCENT = """<style>
[data-testid="stBaseButton-primary"]:not(:disabled), [data-tag], [data-tag] * { color: #0B1015 !important; }
</style>"""
"""Streamlit writes white on the accent; on the light accent of the dark theme that cannot be read."""

st.set_page_config(page_title="Driftmap", page_icon=str(PICTURES / "driftmap.svg"), layout="wide")
st.logo(str(PICTURES / "wordmark.svg"), icon_image=str(PICTURES / "driftmap.svg"), size="large")
if st.context.theme.type == "dark":
    st.html(DARK_TEXT_ON_ACCENT)
page = st.navigation({section: [place.page() for place in places] for section, places in SECTIONS.items()})
if pickers() is not None:
    page.run()
