"""What would a new user get, and is it better?"""

import streamlit as st

st.title("Cold start")
