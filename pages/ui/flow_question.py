"""Asking for flows of everybody or of a part of the crowd, and finding what is known of them."""

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd
import streamlit as st

from pages.ui.cohort import cohort_in_use
from pages.ui.empty import job_button
from pages.ui.loaded import answer_in_use, dataset_in_use
from pages.ui.migration_views import ARROW, migration_flows, weighted
from pages.ui.phrases import count, listed, plain
from pages.ui.state import Selection
from recsys_core.columns import FROM_WINDOW, N_USERS, TO_WINDOW
from recsys_core.migration.migration import Migration
from recsys_core.migration.question import Question
from recsys_core.privacy import SMALLEST_GROUP


class Crowd(NamedTuple):
    """Whose events count, as in ``Question``."""

    domain: str
    fewest: int
    users: tuple[int, ...] | None


@dataclass(frozen=True)
class Known:
    """``flows``: those that may be shown, with ``held`` and ``weight``. ``people``: how many were active in
    both windows, by pair as "2013-Q1 → 2013-Q2"; None: of everybody. ``n_users``: in both of any pair.
    ``whose``: whose events count, to stand at the end of a sentence; "" of everybody.
    """

    flows: pd.DataFrame
    people: dict[str, int] | None = None
    n_users: int = 0
    whose: str = ""


def pick_crowd(selection: Selection) -> Crowd:
    """One row of filters; domain and least events are kept in the URL, people never are."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        domain = _pick_domain(selection)
        fewest = st.number_input(
            "Least events of a person",
            1,
            1000,
            1,
            key="fewest",
            bind="query-params",
            persist_state="session",
            help="Leaves out who did less, in all windows.",
        )
    return Crowd(domain, int(fewest), _pick_cohort(selection))


def known_flows(selection: Selection, migration: Migration, question: Question) -> Known | None:
    """What is known of the flows asked for. Where they are not measured yet, the button that measures them;
    where too few people are in both windows, a sentence; then None.
    """
    if question.of_everybody and question.pair is None:
        return Known(migration_flows(migration))
    answer = answer_in_use(selection, question)
    if answer is None:
        st.caption(f"{_not_compared(question)} yet{_only(question)}.")
        _offer(selection, question)
        return None
    n_users = int(answer.document["n_users"])
    if n_users < SMALLEST_GROUP:
        both = "two windows in a row" if question.pair is None else "both windows"
        st.info(
            f"Fewer than {SMALLEST_GROUP} people were active in {both}{_only(question)}. Nothing is shown."
        )
        return None
    pairs = answer.steps[FROM_WINDOW] + ARROW + answer.steps[TO_WINDOW]
    people = dict(zip(pairs, answer.steps[N_USERS].astype(int), strict=True))
    return Known(weighted(answer.shown_flows, answer.held), people, n_users, _only(question))


def _not_compared(question: Question) -> str:
    if question.pair is None:
        return f"No {question.window} has been compared with the next"
    return "These two windows have not been compared"


def _only(question: Question) -> str:
    """Whose events count, where not everybody's."""
    limits = [
        f"events in {plain(question.domain)}" if question.domain else "",
        f"people with {count(question.fewest)} events or more" if question.fewest > 1 else "",
        "people of the cohort" if question.users is not None else "",
    ]
    told = [limit for limit in limits if limit]
    return f", counting only {listed(told)}" if told else ""


def _offer(selection: Selection, question: Question) -> None:
    info, run = selection.dataset, selection.run
    if info is None:
        return
    data = {"dataset": info.name, "version": info.version, "run": run.id if run else None}
    pair = question.pair
    title = f"Compare {pair[0]} with {pair[1]}" if pair else f"Compare each {question.window} with the next"
    job_button(
        selection.ws,
        "flows",
        data | question.as_params(),
        label="Compare these windows" if pair else "Compare all windows",
        title=title,
        dataset=info.name,
    )


def _pick_domain(selection: Selection) -> str:
    domains = selection.dataset.domains if selection.dataset else ()
    if len(domains) < 2:
        return ""
    chosen = st.selectbox(
        "Only events in",
        ["", *domains],
        format_func=lambda domain: domain or "all domains",
        key="flow-domain",
        bind="query-params",
        persist_state="session",
    )
    return str(chosen)


def _pick_cohort(selection: Selection) -> tuple[int, ...] | None:
    """The people of the cohort, where there is one and it is wanted."""
    cohort = cohort_in_use(dataset_in_use(selection))
    if cohort is None:
        return None
    wanted = st.toggle(
        f"Only the {plain(cohort.sentence[0].lower() + cohort.sentence[1:])}", key="flow-cohort"
    )
    return tuple(int(row) for row in cohort.users) if wanted else None
