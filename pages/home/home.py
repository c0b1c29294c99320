"""Where do things stand? What is loaded, what was found, what to do next."""

import pandas as pd
import streamlit as st

from pages.ui.activity import show_activity
from pages.ui.empty import load_demo_button
from pages.ui.findings import findings, next_step
from pages.ui.loaded import planted_in_use
from pages.ui.phrases import count, listed, plain
from pages.ui.places import HOME, UPLOAD, link, page_header
from pages.ui.progress import active_jobs, watch
from pages.ui.state import Selection, current
from pages.ui.tables import show_table
from recsys_core.workspace.records import DatasetInfo


def show_welcome(selection: Selection) -> None:
    """The first sight: what this is, and two ways to begin."""
    st.title("Driftmap", anchor=False)
    st.markdown(
        "##### See what your users are interested in, where those interests are moving, and what a newcomer "
        "should be shown, with a number behind every claim."
    )
    demo, own = st.columns(2)
    with demo.container(border=True, height="stretch"):
        st.markdown("#### Look around first")
        st.markdown(
            "Three invented shops for films, books and games, with 900 users over two years. Everything is "
            "computed on your machine in about three minutes; the first chart is there at once."
        )
        load_demo_button(selection.ws)
    with own.container(border=True, height="stretch"):
        st.markdown("#### Bring your own logs")
        st.markdown(
            "One file per domain with a user, an item and a time on each row: CSV, TSV, JSON lines or "
            "Parquet, gzipped or not. A second file with titles and descriptions makes everything better."
        )
        link(UPLOAD, "Upload your own logs")


def show_size(selection: Selection, info: DatasetInfo) -> None:
    """The dataset in one sentence and four numbers."""
    model = f" Model in use: *{plain(selection.run.name)}*." if selection.run else " No model yet."
    st.markdown(
        f"##### {plain(info.name)}: {listed([plain(d) for d in info.domains])}, "
        f"{info.first:%B %Y} to {info.last:%B %Y}.{model}"
    )
    numbers = {
        "Users": info.n_users,
        "Items": info.n_items,
        "Events": info.n_events,
        "Domains": len(info.domains),
    }
    with st.container(horizontal=True):
        for name, value in numbers.items():
            st.metric(name, count(value), border=True)


def show_findings(selection: Selection, busy: bool) -> None:
    """What was found, each with the page that shows the numbers behind it."""
    st.markdown("#### What was found")
    found = findings(selection)
    if not found:
        st.caption("Findings appear here as they are computed." if busy else "Nothing has been computed yet.")
    for finding in found:
        text, to = st.columns([6, 1.3], vertical_alignment="center")
        text.markdown(finding.sentence)
        with to:
            link(finding.place)


def show_next(selection: Selection) -> None:
    """The next step, with the way there."""
    step = next_step(selection)
    with st.container(border=True):
        st.markdown(f"**Next step.** {step.why}")
        link(step.place, step.label)


def show_planted(table: pd.DataFrame) -> None:
    """The demo knows its truth: what was planted in it beside what was found."""
    st.markdown("#### Planted and found")
    st.caption(
        "The sample was made with groups of users whose interests move at a known month, and groups that "
        f"stay. {int(table['Agrees'].sum())} of {len(table)} were found as planted."
    )
    show_table(table, "planted-and-found")


selection = current()
if selection.dataset is None:
    show_welcome(selection)
else:
    page_header(HOME.title, HOME.question)
    jobs = active_jobs(selection.ws)
    for job in jobs:
        watch(selection.ws, job)
    show_size(selection, selection.dataset)
    show_findings(selection, bool(jobs))
    if not jobs:
        show_next(selection)
    show_activity(selection.dataset)
    planted = planted_in_use(selection)
    if planted is not None:
        show_planted(planted)
