"""Can I believe it?"""

import streamlit as st

st.title("Scorecard")
