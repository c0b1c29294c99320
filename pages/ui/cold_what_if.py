"""The panel "What if": the person or the list made otherwise, at once, without fitting anything anew.

What asks about the list, and weights of domains and interests, stand in the link; titles taken out, and what
was said of single titles, belong to a person and stay in the session.
"""

from typing import Final

import numpy as np
import streamlit as st

from pages.ui.cold_feedback import keep_said, kept_of
from pages.ui.phrases import count, percent, plain, shorten
from pages.ui.profiles import Person
from pages.ui.signing_in import may
from recsys_core.access import Role
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import NAME
from recsys_core.interests.interests import Interests
from recsys_core.recommend.what_if import WhatIf

MOST_INTERESTS: Final = 6
_HALF_LIVES: Final = {
    "all alike": None,
    "2 years": 730.0,
    "1 year": 365.0,
    "6 months": 183.0,
    "1 month": 30.0,
}
_WEIGHT: Final = "weight-"
_REST: Final = {"if-diverse": 0, "if-novel": 0, "if-calibrated": 0, "if-unseen": True, "if-half": "all alike"}


def ask_what_if(dataset: Dataset, person: Person, interests: Interests | None, level: int) -> WhatIf:
    """The panel, closed at first, and what is asked for in it and on the lines of the list."""
    with st.expander("What if …", icon=":material/tune:"):
        about_list = _about_the_list(with_interests=interests is not None and len(person.profile.history) > 0)
        about_person = _about_the_person(dataset, person, interests, level)
        st.button(
            "Back to the plain list",
            icon=":material/undo:",
            on_click=_to_rest,
            args=(dataset, person),
            key="cold-rest",
        )
    return WhatIf(**about_list, **about_person, **said_of(dataset, person))  # type: ignore[arg-type]


def said_of(dataset: Dataset, person: Person) -> dict[str, tuple[int, ...]]:
    """Item rows ``liked`` and ``disliked`` on behalf of a person: in this session, or before it where the
    workspace keeps it.
    """
    key = _said_key(dataset, person)
    if key not in st.session_state:
        st.session_state[key] = kept_of(dataset, person)
    said: dict[int, bool] = st.session_state[key]
    return {
        "liked": tuple(item for item, likes in said.items() if likes),
        "disliked": tuple(item for item, likes in said.items() if not likes),
    }


def say(dataset: Dataset, person: Person, item: int, likes: bool | None) -> None:
    """Keep that a person wants more like an item row, or not it; None takes it back."""
    said = dict(st.session_state.get(_said_key(dataset, person), {}))
    said.pop(item, None)
    if likes is not None:
        said[item] = likes
    st.session_state[_said_key(dataset, person)] = said
    keep_said(dataset, person, item, likes)


def show_said(dataset: Dataset, person: Person) -> None:
    """What was said of single titles, each with a button that takes it back."""
    names = dataset.labels
    if any(said_of(dataset, person).values()):
        st.caption(_kept_words(person))
    for verb, items in zip(("More like", "Not"), said_of(dataset, person).values(), strict=True):
        for item in items:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f":small[{verb} *{plain(shorten(str(names[item]), 60))}*]", width="content")
                st.button(
                    "Take back",
                    type="tertiary",
                    key=f"cold-back-{item}",
                    on_click=say,
                    args=(dataset, person, item, None),
                )


def _kept_words(person: Person) -> str:
    if not person.speaks:
        return "Said for this preview only; nothing is kept of test users and cohorts."
    if not may(Role.ANALYST):
        return f"Said for this session only; keeping it takes the role {Role.ANALYST}."
    if person.user is None:
        return "Kept as the word of a visitor, without a name."
    return "Kept under this person's pseudonym; a fine-tune learns from it where asked to."


def _about_the_list(*, with_interests: bool) -> dict[str, object]:
    st.caption("About the list")
    one, two, three = st.columns(3)
    diversity = one.slider(
        "Unlike each other (%)", 0, 100, 0, 5, key="if-diverse", bind="query-params",
        help="How much it counts that titles are not like those above them in what their texts say.",
    )  # fmt: skip
    novelty = two.slider(
        "Little known (%)", 0, 100, 0, 5, key="if-novel", bind="query-params",
        help="How much it counts that few people took a title, among the 300 that suit best.",
    )  # fmt: skip
    calibration = three.slider(
        "In their proportions (%)", 0, 100, 0, 5, key="if-calibrated", bind="query-params",
        disabled=not with_interests,
        help="How much it counts that interests have the same shares in the list as among what they took.",
    )  # fmt: skip
    hide = st.toggle("Leave out what they took", True, key="if-unseen", bind="query-params")
    return {
        "diversity": diversity / 100,
        "novelty": novelty / 100,
        "calibration": calibration / 100 if with_interests else 0.0,
        "exclude_seen": bool(hide),
    }


def _about_the_person(
    dataset: Dataset, person: Person, interests: Interests | None, level: int
) -> dict[str, object]:
    held, _ = person.profile.distinct()
    if not len(held):
        return {}
    st.caption("About the person: how much each part of what they took counts")
    half_life = st.select_slider(
        "After this time an event counts half",
        list(_HALF_LIVES),
        "all alike",
        key="if-half",
        bind="query-params",
    )
    domains = np.unique(dataset.item_domain[held]).tolist()
    names = dataset.labels
    weights = _weights(
        {d: f"{dataset.domains[d]}" for d in domains} if len(domains) > 1 else {}, dataset, of_domains=True
    )
    of_interest: dict[int, float] = {}
    if interests is not None:
        ids, n_items = np.unique(interests.item_interest[level][held], return_counts=True)
        top = ids[np.argsort(-n_items, kind="stable")[:MOST_INTERESTS]].tolist()
        called = interests.table[NAME]
        shares = dict(zip(ids.tolist(), (n_items / n_items.sum()).tolist(), strict=True))
        told = {i: f"{shorten(str(called[i]), 30)} ({percent(shares[i])})" for i in top}
        of_interest = _weights(told if len(top) > 1 else {}, dataset)
    without = st.multiselect(
        "Had they never taken",
        held.tolist(),
        format_func=lambda row: str(names[row]),
        key=f"cold-without-{dataset.name}-{dataset.version}-{person.key}",
        placeholder=f"Any of {count(len(held))} titles",
    )
    return {
        "half_life": _HALF_LIVES[str(half_life)],
        "domains": {d: w for d, w in weights.items() if w != 1},
        "interests": {i: w for i, w in of_interest.items() if w != 1},
        "without": tuple(without),
    }


def _weights(told: dict[int, str], dataset: Dataset, *, of_domains: bool = False) -> dict[int, float]:
    """One slider from 0 to 2 for each number, under what it is called."""
    found: dict[int, float] = {}
    columns = st.columns(3) if told else []
    for place, (number, name) in enumerate(told.items()):
        key = f"{_WEIGHT}{dataset.domains[number] if of_domains else number}"
        found[number] = columns[place % 3].slider(
            plain(name), 0.0, 2.0, 1.0, 0.25, format="%.2f ×", key=key, bind="query-params"
        )
    return found


def _to_rest(dataset: Dataset, person: Person) -> None:
    """Everything of the panel as it was at first, and nothing said of single titles."""
    for key in list(st.session_state):
        name = str(key)
        if name in _REST:
            st.session_state[name] = _REST[name]
        elif name.startswith(_WEIGHT):
            st.session_state[name] = 1.0
        elif name.startswith("cold-without-") and name.endswith(person.key):
            st.session_state[name] = []
    for item in st.session_state.get(_said_key(dataset, person), {}):
        say(dataset, person, item, None)


def _said_key(dataset: Dataset, person: Person) -> str:
    return f"cold-said-{dataset.name}-{dataset.version}-{person.key}"
