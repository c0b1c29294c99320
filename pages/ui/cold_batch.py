"""Lists for many people at once, as a file: everybody new to a domain, a cohort, or the ids in a file."""

import io
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import streamlit as st

from pages.ui.cohort import cohort_in_use
from pages.ui.people_names import people_in_use
from pages.ui.phrases import count, plain
from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import InputError, NotFoundError
from recsys_core.progress import Silent
from recsys_core.workspace.safe_csv import safe_csv

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from recsys_core.recommend.cold_start import ColdStart

MOST: Final = 50_000
_FILE, _COHORT, _NEW = "the ids in a file", "the cohort", "everybody new to {}"
_KEPT: Final = "cold-batch"


def show_batch(dataset: Dataset, cold: "ColdStart", k: int) -> None:
    """The panel, closed at first: whom, which kind of file, and the file once it is made."""
    with st.expander("Lists for many people", icon=":material/groups:"):
        users = _whom(dataset, cold)
        kind = st.segmented_control("As", ["CSV", "Parquet"], default="CSV", required=True, key="batch-as")
        with_reasons = st.toggle(
            "With reasons", key="batch-why", help="Takes some tenths of a second a person."
        )
        wanted = (dataset.name, dataset.version, cold.training.target, k, tuple(users), kind, with_reasons)
        if st.button(
            f"Make lists for {count(len(users))} people", disabled=not users, key="batch-go", type="primary"
        ):
            try:
                table = _made(dataset, cold, users, k, explain=with_reasons)
            except NotFoundError as error:
                st.error(plain(str(error)), icon=":material/error:")
                return
            st.session_state[_KEPT] = (hash(wanted), _as_file(table, str(kind)))
        kept = st.session_state.get(_KEPT)
        if kept is not None and kept[0] == hash(wanted):
            name = f"lists-{dataset.domains[cold.training.target]}.{str(kind).lower()}"
            st.download_button("Download the lists", kept[1], file_name=name, icon=":material/download:")
        st.caption("People go by pseudonyms, unless you switch ids as imported on above; at most 50,000.")


def _whom(dataset: Dataset, cold: "ColdStart") -> list[str]:
    """Ids as in the log."""
    target = cold.training.target
    cohort = cohort_in_use(dataset)
    everybody = _NEW.format(dataset.domains[target])
    options = [everybody, *([_COHORT] if cohort else []), _FILE]
    whom = st.segmented_control("For", options, default=everybody, required=True, key="batch-for")
    if whom == _FILE:
        return _from_file()
    if whom == _COHORT and cohort is not None:
        return [str(user) for user in dataset.user_ids[cohort.users[:MOST]]]
    there = np.unique(dataset.user[dataset.event_domain == target])
    newcomers = np.setdiff1d(np.unique(dataset.user), there)[:MOST]
    return [str(user) for user in dataset.user_ids[newcomers]]


def _from_file() -> list[str]:
    uploaded = st.file_uploader("A text file, one user id a line, as in the log", key="batch-file")
    if uploaded is None:
        return []
    try:
        lines = uploaded.getvalue().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        error = InputError("This file is not text.", "Choose a text file with one user id a line.")
        st.error(plain(str(error)), icon=":material/error:")
        return []
    return list(dict.fromkeys(line.strip() for line in lines if line.strip()))[:MOST]


def _made(dataset: Dataset, cold: "ColdStart", users: list[str], k: int, *, explain: bool) -> pd.DataFrame:
    from recsys_core.columns import REASONS, USER_ID
    from recsys_core.recommend.batch import NOT_IN_THE_LOG, batch_of_users

    bar = st.progress(0.0, "Making lists …")
    table = batch_of_users(cold, users, k, explain, _Bar(bar, len(users)))
    bar.empty()
    people = people_in_use(dataset)
    shown = dict(zip(people.ids.tolist(), people.names.tolist(), strict=True))
    unknown = table.loc[table[REASONS] == NOT_IN_THE_LOG, USER_ID].nunique()
    if unknown:
        st.caption(f"{count(unknown)} ids are not in the log; they get what is popular, told in the file.")
    return table.assign(**{USER_ID: [shown.get(user, user) for user in table[USER_ID]]})


class _Bar(Silent):
    """How far the lists of ``n_people`` are, as a bar."""

    def __init__(self, bar: "DeltaGenerator", n_people: int) -> None:
        self._bar, self._n_people = bar, n_people

    def advance(self, done: float, total: float, message: str = "") -> None:
        told = f"{count(round(self._n_people * done / total))} of {count(self._n_people)} {message}"
        self._bar.progress(done / total, told)


def _as_file(table: pd.DataFrame, kind: str) -> bytes:
    if kind == "CSV":
        return safe_csv(table)
    file = io.BytesIO()
    table.to_parquet(file, index=False)
    return file.getvalue()
