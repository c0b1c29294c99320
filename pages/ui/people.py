"""Choosing one user: by pseudonym or id, or one worth seeing. Kept in the session, never in the address."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui.people_names import ids_toggle, people_in_use
from pages.ui.phrases import plain
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DRIFT, EXPECTED, USER
from recsys_core.migration.migration import Migration

_MOST = 50


def worth_seeing(
    dataset: Dataset, migration: Migration | None, most: int = 10, among: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Users who changed most beyond their own chance, then the most active; only ``among`` where given."""
    order = np.argsort(-np.diff(dataset.offsets), kind="stable")
    if migration is not None and len(migration.users):
        beyond = (migration.users[DRIFT] - migration.users[EXPECTED]).to_numpy()
        moved = migration.users[USER].to_numpy()[np.argsort(-beyond, kind="stable")]
        order = moved if among is None else np.concatenate([moved, order[~np.isin(order, moved)]])
    kept = order if among is None else order[np.isin(order, among)]
    return kept[:most].astype(np.int64)


def pick_user(dataset: Dataset, suggested: NDArray[np.int64], key: str, label: str) -> int | None:
    """A search box and the choice among what it finds; without a search, among ``suggested``, which
    ``label`` describes.
    """
    people = people_in_use(dataset)
    search, choice = st.columns(2, vertical_alignment="bottom")
    wanted = search.text_input(
        "Find a user",
        key=f"{key}-find",
        persist_state="session",
        placeholder="an id, or part of a pseudonym",
        icon=":material/search:",
    )
    ids_toggle(dataset)
    found = people.find(wanted or "", _MOST) if (wanted or "").strip() else suggested
    if not len(found):
        choice.caption(
            f"Nobody is called “{plain(wanted)}”. Ids are compared as text, whole and exactly as in the log; "
            "of a pseudonym a part is enough."
        )
        return None
    rows = [int(row) for row in found]
    kept = st.session_state.get(_kept(key, dataset))
    if kept is not None and kept not in rows and not (wanted or "").strip():
        rows.insert(0, kept)
    chosen = choice.selectbox(
        "User" if (wanted or "").strip() else label,
        rows,
        index=rows.index(kept) if kept in rows else 0,
        format_func=lambda row: str(people.names[row]),
        key=f"{key}-user-{dataset.name}-{dataset.version}-{wanted}{'-by-id' * people.by_id}",
    )
    st.session_state[_kept(key, dataset)] = chosen
    return chosen


def choose_user(dataset: Dataset, key: str, row: int) -> None:
    """Have ``pick_user`` with this ``key`` open on one user, on another page."""
    st.session_state[_kept(key, dataset)] = row
    st.session_state[f"{key}-find"] = ""


def _kept(key: str, dataset: Dataset) -> str:
    return f"{key}-kept-{dataset.name}-{dataset.version}"
