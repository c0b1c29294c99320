"""Asking for the flows between any two windows, of everybody or of some, and finding the answer."""

import pandas as pd
import streamlit as st

from pages.ui.cohort import cohort_in_use
from pages.ui.empty import job_button
from pages.ui.loaded import dataset_in_use, pair_in_use
from pages.ui.migration_views import ARROW, pair_flows, pairs, weighted
from pages.ui.phrases import count, listed, plain
from pages.ui.state import Selection
from recsys_core.columns import INTEREST, SHARE, WINDOW
from recsys_core.migration.migration import Migration
from recsys_core.migration.pair import Question
from recsys_core.privacy import SMALLEST_GROUP


def ask(selection: Selection, migration: Migration) -> Question | None:
    """Two windows, and whose events count; None, with a sentence, where they are not in order."""
    windows = list(migration.windows[WINDOW])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.selectbox("From", windows, 0, key="flow-from", bind="query-params")
        second = st.selectbox("To", windows, len(windows) - 1, key="flow-to", bind="query-params")
        domain = _pick_domain(selection)
        fewest = st.number_input(
            "Least events of a person",
            1,
            1000,
            1,
            key="fewest",
            help="Leaves out who did less, in all windows.",
        )
    cohort = _pick_cohort(selection)
    if windows.index(first) >= windows.index(second):
        st.info("Choose a later window to compare with.")
        return None
    return Question(migration.window_size, migration.level, first, second, domain, int(fewest), cohort)


def answer_to(selection: Selection, migration: Migration, question: Question) -> pd.DataFrame | None:
    """The flows that may be shown, with ``weight``. Where they are not known yet, the button that measures
    them; where nobody is in both windows, a sentence; then None.
    """
    pair = f"{question.first}{ARROW}{question.second}"
    everybody = Question(question.window, question.level, question.first, question.second)
    if question == everybody and pair in pairs(migration):
        return pair_flows(migration, pair)
    answer = pair_in_use(selection, question)
    if answer is None:
        st.caption(f"These two windows have not been compared yet{_only(question)}.")
        _offer(selection, question)
        return None
    n_users = int(answer.document["n_users"])
    if n_users < SMALLEST_GROUP:
        st.info(f"Fewer than {SMALLEST_GROUP} of these people were active in both windows: nothing is shown.")
        return None
    st.caption(f"Rests on {count(n_users)} people active in both windows{_only(question)}.")
    return weighted(answer.shown_flows, answer.held.set_index(INTEREST)[SHARE])


def _only(question: Question) -> str:
    """Whose events count, where not everybody's."""
    limits = [
        f"only events in {plain(question.domain)}" if question.domain else "",
        f"only who has {count(question.fewest)} events or more" if question.fewest > 1 else "",
        "only who is in the cohort" if question.users is not None else "",
    ]
    told = [limit for limit in limits if limit]
    return f": {listed(told)}" if told else ""


def _offer(selection: Selection, question: Question) -> None:
    info, run = selection.dataset, selection.run
    if info is None:
        return
    params = {
        "dataset": info.name,
        "version": info.version,
        "run": run.id if run else None,
        "window": question.window,
        "level": question.level,
        "first": question.first,
        "second": question.second,
        "domain": question.domain,
        "fewest": question.fewest,
        "users": None if question.users is None else list(question.users),
    }
    title = f"Compare {question.first} with {question.second}"
    job_button(selection.ws, "flows", params, label="Compare these windows", title=title, dataset=info.name)


def _pick_domain(selection: Selection) -> str:
    domains = selection.dataset.domains if selection.dataset else ()
    if len(domains) < 2:
        return ""
    every = "all domains"
    chosen = st.selectbox("Only events in", [every, *domains], key="flow-domain", bind="query-params")
    return "" if chosen == every else str(chosen)


def _pick_cohort(selection: Selection) -> tuple[int, ...] | None:
    """The people of the cohort, where there is one and it is wanted."""
    cohort = cohort_in_use(dataset_in_use(selection))
    if cohort is None:
        return None
    wanted = st.toggle(f"Only the {cohort.sentence[0].lower()}{cohort.sentence[1:]}", key="flow-cohort")
    return tuple(int(row) for row in cohort.users) if wanted else None
