"""Where are interests going, really?"""

import streamlit as st

st.title("Migration")
