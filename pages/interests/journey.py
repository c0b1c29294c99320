"""What happened to this one?"""

import streamlit as st

st.title("Journey")
