"""Choosing for whom to recommend: a known user, picked titles, typed text, or nobody in particular."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.cohort import offer_domains, show_cohort
from pages.ui.people import pick_user
from pages.ui.people_names import ids_toggle, people_in_use
from pages.ui.phrases import plain
from pages.ui.places import ATLAS, link
from pages.ui.titles import find_titles
from recsys_core.catalogue.dataset import Dataset
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.recommend.profile import Profile

if TYPE_CHECKING:
    from recsys_core.recommend.cold_start import ColdStart

MOST_PICKS = 10
MOST_TEXT = 10_000


class Who(StrEnum):
    """Where the profile comes from."""

    USER = "a known user"
    PICKS = "a few titles"
    TEXT = "typed interests"
    COHORT = "a cohort"
    TEST = "a test user"
    NOBODY = "nothing known"


@dataclass(frozen=True, eq=False)
class Person:
    """``profile``: what is known. ``key``: tells people apart within the session. ``user``: row of the one
    user it is, or None. ``speaks``: whether what is said of titles on their behalf is kept.
    """

    profile: Profile
    key: str
    user: int | None = None
    speaks: bool = True


def pick_source() -> Who:
    """Where the profile comes from; in the URL."""
    return Who(
        st.segmented_control(
            "Recommend from",
            list(Who),
            default=Who.USER,
            required=True,
            key="who",
            bind="query-params",
            help="A cohort: people picked on the atlas, taken together. A test user: someone whose events in "
            "this domain were hidden on purpose, so that the list can be held against what they really took.",
        )
    )


def pick_person(who: Who, cold: "ColdStart", dataset: Dataset, target: int) -> Person | None:
    """The person chosen on the page; None, with what to do said, while the choice is not complete."""
    if who == Who.USER:
        return _known(cold, dataset, target)
    if who == Who.TEST:
        return _held_out(cold, dataset)
    if who == Who.COHORT:
        return _together(cold, dataset, target)
    if who == Who.PICKS:
        picks = pick_titles(dataset)
        return Person(cold.profile_for_picks(picks), "picks") if picks else None
    if who == Who.TEXT:
        typed = _typed(cold)
        return None if typed is None else Person(typed, "typed")
    return Person(Profile.nothing(), "nobody")


def _known(cold: "ColdStart", dataset: Dataset, target: int) -> Person | None:
    domain = dataset.domains[target]
    cohort = show_cohort(dataset, f"the users below are of it, those new to {plain(domain)} first.")
    some = newcomers(dataset, target, 50, cohort.users) if cohort else newcomers(dataset, target)
    user = pick_user(dataset, some, "cold", f"Active users new to {plain(domain)}")
    if user is None:
        return None
    return Person(cold.profile_for_user(str(dataset.user_ids[user])), f"user-{user}", user)


def _held_out(cold: "ColdStart", dataset: Dataset) -> Person | None:
    assert cold.held_out is not None  # noqa: S101 - the page prepares it for this choice
    users = cold.held_out.users
    known = np.array([len(profile.history) for profile in cold.held_out.answers.profiles])
    people = people_in_use(dataset)
    user = st.selectbox(
        f"{len(users):,} test users, those of whom most is known first",
        users[np.argsort(-known, kind="stable")].tolist(),
        format_func=lambda row: str(people.names[row]),
        key=f"cold-test-{dataset.name}-{dataset.version}-{cold.training.target}{'-by-id' * people.by_id}",
    )
    ids_toggle(dataset)
    return (
        None if user is None else Person(cold.profile_for_held_out(user), f"test-{user}", user, speaks=False)
    )


def _together(cold: "ColdStart", dataset: Dataset, target: int) -> Person | None:
    cohort = show_cohort(dataset, "taken together, each title counts by how many of them took it.")
    if cohort is None:
        st.info(
            "No cohort has been picked. Select titles or people on the atlas with the lasso, use them as a "
            "cohort, and come back; or take everybody of another domain.",
            icon=":material/group:",
        )
        link(ATLAS, "Pick a cohort on the atlas")
        offer_domains(dataset, target)
        return None
    if len(cohort) < SMALLEST_GROUP:
        st.info(
            f"A cohort of {len(cohort)} is too small to be told together: pick {SMALLEST_GROUP} or more.",
            icon=":material/group:",
        )
        return None
    return Person(
        cold.profile_for_cohort(cohort.users), f"cohort-{hash(cohort.users.tobytes())}", speaks=False
    )


def newcomers(
    dataset: Dataset, target: int, most: int = 20, among: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Users without an event in ``target``, the most active elsewhere first; then the most active others.
    Only ``among`` where given.
    """
    n_events = np.bincount(dataset.user, minlength=dataset.n_users)
    there = np.bincount(dataset.user[dataset.event_domain == target], minlength=dataset.n_users)
    order = np.lexsort((-n_events, there > 0))
    kept = order if among is None else order[np.isin(order, among)]
    return kept[:most].astype(np.int64)


def pick_titles(dataset: Dataset) -> list[int]:
    """1 to 10 item rows, found by typing; what was picked stays while the search changes."""
    kept_key = f"picks-{dataset.name}-{dataset.version}"
    kept: list[int] = st.session_state.get(kept_key, [])
    search, choice = st.columns([1, 2], vertical_alignment="bottom")
    wanted = search.text_input(
        "Find titles",
        key="cold-titles",
        persist_state="session",
        placeholder="a word of the title",
        icon=":material/search:",
    )
    found = find_titles(dataset, wanted or "", most=50) if (wanted or "").strip() else _popular(dataset)
    options = list(dict.fromkeys([*kept, *(int(row) for row in found)]))
    names = dataset.labels
    picked = choice.multiselect(
        "What this person likes",
        options,
        default=kept,
        format_func=lambda row: f"{names[row]} ({dataset.domains[dataset.item_domain[row]]})",
        key=f"{kept_key}-{wanted}",
        max_selections=MOST_PICKS,
        placeholder="Pick 1 to 10 titles",
    )
    st.session_state[kept_key] = list(picked)
    if not picked:
        st.caption("Pick at least one title. The list holds what your search finds, or what is taken most.")
    return list(picked)


def _typed(cold: "ColdStart") -> Profile | None:
    text = st.text_area(
        "What this person is interested in",
        key="cold-text",
        persist_state="session",
        max_chars=MOST_TEXT,
        height=90,
        placeholder="slow-burn space opera with a hopeful ending",
    )
    st.button("Show recommendations", type="primary", key="cold-go")
    if not (text or "").strip():
        st.caption("Type what the person likes, in a few words or sentences, in any words.")
        return None
    return cold.profile_for_text(str(text))


def _popular(dataset: Dataset, most: int = 50) -> NDArray[np.int64]:
    n_events = np.bincount(dataset.item, minlength=dataset.n_items)
    return np.argsort(-n_events, kind="stable")[:most].astype(np.int64)
