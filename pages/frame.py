"""The frame around every page: page settings, the pickers in the sidebar, the navigation."""

import streamlit as st

from pages.ui.places import SECTIONS
from pages.ui.state import pickers

st.set_page_config(page_title="Driftmap", page_icon=":material/explore:", layout="wide")
page = st.navigation({section: [place.page() for place in places] for section, places in SECTIONS.items()})
if pickers() is not None:
    page.run()
