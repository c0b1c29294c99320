"""Who did what, and when? What changed something, and what was refused, for admins."""

from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
import streamlit as st

from pages.ui.phrases import count, plain
from pages.ui.places import AUDIT, page_header
from pages.ui.state import current
from pages.ui.tables import show_table
from recsys_core import pipeline
from recsys_core.errors import DriftmapError
from recsys_core.workspace.audit import Entry, Outcome

MOST = 10_000


def audit_table(entries: list[Entry]) -> pd.DataFrame:
    """A readable row per entry."""
    return pd.DataFrame(
        {
            "When (UTC)": [f"{entry.at:%Y-%m-%d %H:%M:%S}" for entry in entries],
            "Who": [entry.who for entry in entries],
            "Role": [entry.role for entry in entries],
            "What": [entry.what for entry in entries],
            "On what": [entry.target for entry in entries],
            "Detail": [entry.detail for entry in entries],
            "Outcome": [str(entry.outcome) for entry in entries],
        }
    )


def headline(entries: list[Entry]) -> str:
    """How much was done by how many people, and how much was refused."""
    if not entries:
        return "Nothing is written down here."
    refused = sum(entry.outcome is Outcome.REFUSED for entry in entries)
    people = len({entry.who for entry in entries})
    return (
        f"{count(len(entries))} entr{'y' if len(entries) == 1 else 'ies'} of {count(people)} "
        f"{'person' if people == 1 else 'people'}; {count(refused) if refused else 'none'} refused."
    )


def midnight(day: date | None, after: int = 0) -> datetime | None:
    """The beginning of a day, or of one some days ``after`` it, in UTC."""
    return None if day is None else datetime.combine(day, time(), UTC) + timedelta(days=after)


selection = current()
page_header(AUDIT.title, AUDIT.question)
headed = st.empty()
left, middle, first, last = st.columns(4)
who = left.text_input("Who", key="audit-who", placeholder="A part of the name")
what = middle.text_input("What", key="audit-what", placeholder="An act, or on what")
since = first.date_input("From", None, key="audit-since")
until = last.date_input("To", None, key="audit-until")
try:
    found = pipeline.read_audit(selection.ws, who, what, midnight(since), midnight(until, 1), MOST)
except DriftmapError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()
headed.markdown(f"##### {headline(found)}")
if found:
    show_table(audit_table(found), "audit")
st.caption(
    "Written whenever something is changed or refused; the database itself refuses to change or remove it. "
    "An act within another, such as saving the result of a job, is a part of that. Ids of people in the data "
    "are never in it." + (f" The newest {count(MOST)}." if len(found) == MOST else "")
)
