"""Changes that lasted: which interests rose or faded for good, and the titles around each change."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.loaded import Key, dataset_in_use, dataset_key, interests_in_use, of_interests
from pages.ui.migration_views import change_table
from pages.ui.phrases import count, listed, percent, plain
from pages.ui.state import Selection
from pages.ui.tables import show_table
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import (
    AFTER,
    BEFORE,
    DIRECTION,
    DOMAIN,
    FIRST_SEEN,
    GAINED,
    INTEREST,
    ITEM,
    SHIFT,
    USERS_AFTER,
    USERS_BEFORE,
    WINDOW,
)
from recsys_core.migration.changed_titles import ChangedTitles, changed_titles
from recsys_core.migration.migration import Migration
from recsys_core.privacy import SMALLEST_GROUP

MOST_TITLES: Final = 20

_COUNTS: Final = {
    "Events before": BEFORE,
    "Events since": AFTER,
    "People before": USERS_BEFORE,
    "People since": USERS_AFTER,
}

Names = Mapping[int, str]


def show_changes(selection: Selection, migration: Migration, names: Names) -> None:
    """The section of the migration page; nothing where no interest changed."""
    if migration.change_points.empty:
        return
    st.markdown("#### Changes that lasted, in all domains together")
    show_table(change_table(migration, names), "changes")
    change = _pick_change(migration, names)
    dataset = dataset_in_use(selection)
    key = of_interests(selection, "migration", f"{migration.window_size}-{migration.level}") or dataset_key(
        selection
    )
    found = _titles(key, selection, migration, int(change[INTEREST]), str(change[WINDOW]))
    rising = change[DIRECTION] == "rising"
    titles = dataset.labels[found.table[ITEM]]
    st.markdown(titles_sentence(found, titles, str(change[WINDOW]), rising=rising))
    if found.table.empty:
        return
    st.caption(_note(found, rising=rising))
    show_table(titles_table(found, titles, dataset, rising=rising), "changed-titles")


def _pick_change(migration: Migration, names: Names) -> "pd.Series[Any]":
    changes = migration.change_points.sort_values(SHIFT, key=lambda shift: -shift.abs(), kind="stable")
    told = [
        f"{names[int(row.interest)]} {'rose' if row.direction == 'rising' else 'faded'} in {row.window}"
        for row in changes.itertuples()
    ]
    chosen = st.selectbox("Titles around a change", told, key="change", bind="query-params")
    return changes.iloc[told.index(chosen)]


@st.cache_resource(max_entries=16, show_spinner=False)
def _titles(
    key: Key,  # noqa: ARG001
    _selection: Selection,
    _migration: Migration,
    interest: int,
    window: str,
) -> ChangedTitles:
    interests = interests_in_use(_selection)
    if interests is None:
        raise LookupError("There are no interests.")
    return changed_titles(dataset_in_use(_selection), interests, _migration, interest, window)


def titles_sentence(found: ChangedTitles, titles: np.ndarray, window: str, *, rising: bool) -> str:
    """Which titles most of the change is on, and how much of it is on new ones; Markdown.

    ``titles``: what the rows of ``found.table`` are called.
    """
    change = found.table[GAINED] if rising else -found.table[GAINED]
    parts = change[change > 0].sort_values(ascending=False, kind="stable")
    if parts.empty:
        return f"Since {window}, no title of {SMALLEST_GROUP} people or more {_verb(rising)} events."
    shares = parts / parts.sum()
    on = [
        f"on *{plain(str(titles[row]))}*{_first_taken(found.table[FIRST_SEEN][row])}"
        for row in shares.index[:3]
    ]
    then = [f"{percent(share)} {title}" for title, share in zip(on[1:], shares.iloc[1:], strict=False)]
    sentence = (
        f"Since {window}, {percent(shares.iloc[0])} of the events that its titles {_verb(rising)} "
        f"{'are' if rising else 'were'} {on[0]}{'; then ' if then else ''}{listed(then)}."
    )
    return f"{sentence}{_on_new(found.table, shares)}" if rising else sentence


def _on_new(table: pd.DataFrame, shares: pd.Series) -> str:
    new = table[FIRST_SEEN][shares.index].notna()
    if not new.any():
        return " None of these titles is new."
    titles = "1 title is" if new.sum() == 1 else f"{count(new.sum())} titles are"
    return f" {titles} new since then, with {percent(shares[new].sum())} of what was gained."


def _verb(rising: bool) -> str:
    return "gained" if rising else "lost"


def _first_taken(moment: pd.Timestamp) -> str:
    return "" if pd.isna(moment) else f", first taken in {moment:%B %Y}"


def _note(found: ChangedTitles, *, rising: bool) -> str:
    return (
        f"Compared are {_span(found.before)} and {_span(found.after)}. "
        f"{'Gained' if rising else 'Lost'}: events {'beyond' if rising else 'short of'} those that a "
        "title's earlier share of all events would give. What fewer than "
        f"{SMALLEST_GROUP} people took counts as nothing (–)."
    )


def _span(windows: tuple[str, ...]) -> str:
    return windows[0] if len(windows) == 1 else f"{windows[0]} to {windows[-1]}"


def titles_table(found: ChangedTitles, titles: np.ndarray, dataset: Dataset, *, rising: bool) -> pd.DataFrame:
    """The titles for reading: those that changed most in the direction first."""
    table = found.table
    first = table[FIRST_SEEN].dt.strftime("%Y-%m").fillna("before")
    domain = {"Domain": dataset.items[DOMAIN].to_numpy()[table[ITEM]]} if len(dataset.domains) > 1 else {}
    shown = pd.DataFrame(
        {
            "Title": titles,
            **domain,
            "First taken": first,
            "Gained" if rising else "Lost": (table[GAINED] if rising else -table[GAINED]).round().astype(int),
            **{label: table[column].astype("Int64").replace(0, pd.NA) for label, column in _COUNTS.items()},
        }
    )
    return (shown if rising else shown.iloc[::-1]).head(MOST_TITLES)
