"""The picker of the level of interests, the same on every page."""

import streamlit as st

from recsys_core.interests.interests import Interests

_FINENESS = ("broad", "finer", "finest")


def pick_level(interests: Interests) -> int:
    """How finely interests are told apart: an index into ``interests.levels``; kept in the URL."""
    options = list(range(interests.n_levels))
    if len(options) == 1:
        return 0
    chosen = st.segmented_control(
        "Interests",
        options,
        default=0,
        required=True,
        format_func=lambda level: f"{interests.levels[level]} {_FINENESS[min(level, 2)]}",
        key="level",
        bind="query-params",
        persist_state="session",
        help="How finely interests are told apart; every finer interest lies inside one broader interest.",
    )
    return 0 if chosen is None else int(chosen)
