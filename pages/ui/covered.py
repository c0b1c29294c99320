"""Everything the coverage page tells of a dataset, counted once for its content and kept."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages.ui.loaded import Key, dataset_in_use, dataset_key
from pages.ui.state import Selection
from recsys_core.catalogue.coverage import domain_summary, events_per_user, shared_users, text_coverage
from recsys_core.catalogue.long_tail import concentration, long_tail
from recsys_core.evaluation.readiness import Transfer, transfers
from recsys_core.evaluation.returning import Movement, movements
from recsys_core.workspace.comparing import VersionComparison, compare_versions
from recsys_core.workspace.records import DatasetInfo


@dataclass(frozen=True, eq=False)
class Covered:
    """The tables of ``catalogue.coverage`` and ``catalogue.long_tail``, and what they are enough for."""

    domains: pd.DataFrame
    shared: pd.DataFrame
    per_user: pd.DataFrame
    text: pd.DataFrame
    tail: pd.DataFrame
    curve: pd.DataFrame
    transfers: tuple[Transfer, ...]
    movements: tuple[Movement, ...]


def covered(info: DatasetInfo, selection: Selection) -> Covered:
    """What is told of the dataset in use."""
    return _covered(dataset_key(selection), info.hash, selection)


def compared(selection: Selection, before: DatasetInfo, after: DatasetInfo) -> VersionComparison:
    """Version ``before`` of a dataset beside version ``after``."""
    return _compared(
        str(selection.ws.root),
        (before.hash, after.hash),
        (before.version, after.version),
        before.name,
        selection,
    )


@st.cache_data(max_entries=8, show_spinner="Counting what the log holds …")
def _covered(key: Key, content: str, _selection: Selection) -> Covered:
    del key, content  # what the answer depends on; the selection only says where it lies
    dataset = dataset_in_use(_selection)
    return Covered(
        domains=domain_summary(dataset),
        shared=shared_users(dataset),
        per_user=events_per_user(dataset),
        text=text_coverage(dataset),
        tail=long_tail(dataset),
        curve=concentration(dataset),
        transfers=transfers(dataset),
        movements=movements(dataset),
    )


@st.cache_data(max_entries=16, show_spinner="Comparing the versions …")
def _compared(
    root: str, content: tuple[str, str], numbers: tuple[int, int], name: str, _selection: Selection
) -> VersionComparison:
    del root, content
    return compare_versions(_selection.ws, name, *numbers)
