"""The Ray cluster that background jobs run on: its size, or what is lost while it is away."""

import streamlit as st

from recsys_core.jobs.cluster_check import examine_cluster, what_is_lost
from recsys_core.settings import read_settings
from recsys_core.workspace.doctor import Check


@st.cache_data(ttl=10, max_entries=4, show_spinner="Asking the Ray cluster")
def _look(address: str) -> Check:
    del address  # what the answer is kept under
    (check,) = examine_cluster()
    return check


def show_cluster() -> None:
    """A line on the cluster, as of the last seconds; nothing where none is configured."""
    address = read_settings().ray_address
    if address is None:
        return
    check = _look(address)
    if check.ok:
        st.caption(f":material/lan: {check.detail}")
    else:
        st.warning(f"{check.detail} {what_is_lost()}", icon=":material/cloud_off:")
