"""What do people care about? The map of items and people."""

import streamlit as st

st.title("Atlas")
