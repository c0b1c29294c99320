"""Who may do what in this workspace? Its team, changed by its admins."""

import pandas as pd
import streamlit as st

from pages.ui.phrases import count, listed, plain
from pages.ui.places import TEAM, page_header
from pages.ui.state import Selection, current
from pages.ui.tables import show_table
from pages.ui.team_actions import add_form, change_form, make_form, told
from recsys_core import pipeline
from recsys_core.access import Role
from recsys_core.settings import read_settings
from recsys_core.workspace.members import Member


def team_table(members: list[Member]) -> pd.DataFrame:
    """A readable row per member."""
    return pd.DataFrame(
        {
            "Person": [member.person for member in members],
            "Role": [str(member.role) for member in members],
            "Since (UTC)": [f"{member.since:%Y-%m-%d %H:%M}" for member in members],
            "By": [member.added_by for member in members],
        }
    )


def headline(selection: Selection, members: list[Member]) -> str:
    """How many have which role."""
    name = plain(selection.ws.root.name)
    if not members:
        return f"{name} has no team of its own."
    counts = [(sum(member.role is role for member in members), role) for role in reversed(Role)]
    told = [f"{count(n)} {role}{'' if n == 1 else 's'}" for n, role in counts if n]
    return f"{name} has {listed(told)}."


def show_house() -> None:
    """Who has a role here by the settings of the server, and what a team changes about that."""
    settings = read_settings()
    groups = {"admins": settings.admins, "analysts": settings.analysts, "viewers": settings.viewers}
    named = [f"{role}: {plain(', '.join(people))}" for role, people in groups.items() if people]
    st.markdown(
        "Who may do what is told by the settings of this server"
        + (f" ({'; '.join(named)})" if named else ", which name nobody")
        + ". Once somebody is added here, only this team and the admins of the server see this workspace."
    )


selection = current()
page_header(TEAM.title, TEAM.question)
members = pipeline.team(selection.ws)
st.markdown(f"##### {headline(selection, members)}")
told()
if members:
    show_table(team_table(members), "team")
    change_form(selection.ws, members)
else:
    show_house()
add_form(selection.ws, first=not members)
make_form()
notes = [
    "An entry such as \\*@example.org holds for everybody of that domain who has none of their own. A role "
    "that is taken away counts at the next click; every change is in the audit."
]
if admins := read_settings().admins:
    notes.append(f"Admins of every workspace of this server: {plain(', '.join(admins))}.")
if not read_settings().sign_in:
    notes.append("Nobody signs in on this server now, so that everybody who reaches it is its owner.")
st.caption(" ".join(notes))
