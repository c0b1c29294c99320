"""Datasets and results as pages read them: loaded once, kept while they are in use, bounded.

What is kept is found again by the workspace, the dataset's version and the result's own number, so a new
result shows at the next rerun, and nobody is shown what is of another workspace: it is made from the
workspace that it is kept under, whichever one is in use by then.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from pages.ui.state import Selection
from pages.ui.workspaces import opened
from recsys_core import pipeline
from recsys_core.catalogue.dataset import Dataset
from recsys_core.demo import DEMO, planted_and_detected
from recsys_core.errors import InputError
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.transfer_matrix import TransferMatrix
from recsys_core.interests.interests import Interests
from recsys_core.interests.projection import InterestMap
from recsys_core.logs.windows import WindowSize
from recsys_core.migration.migration import Migration
from recsys_core.migration.mixes import Mixes, measured_mixes
from recsys_core.migration.question import Answer, Question
from recsys_core.migration.shares import interest_events
from recsys_core.workspace.naming import KIND as NAMES
from recsys_core.workspace.records import ANY
from recsys_core.workspace.saved import ANSWERS, TRANSFER

if TYPE_CHECKING:
    from recsys_core.recommend.cold_start import ColdStart


@dataclass(frozen=True)
class Key:
    """What a kept value belongs to; ``result`` is the number of the newest result of its kind, ``names`` that
    of the names given to interests, 0 where there are none.
    """

    root: str
    dataset: str
    version: int
    run: str | None = None
    result: int = 0
    names: int = 0


def dataset_in_use(selection: Selection) -> Dataset:
    """The dataset that is selected, in memory. There must be one."""
    return dataset_of(dataset_key(selection))


def interests_in_use(selection: Selection) -> Interests | None:
    """The named interests of the run in use, else the newest of the dataset; None where none were found."""
    key = interests_key(selection)
    return None if key is None else _interests(key)


def interests_key(selection: Selection) -> Key | None:
    """Where the interests in use lie; None where none were found."""
    key = _result_key(selection, "interests")
    if key is None:
        return None
    names = selection.ws.result_info(NAMES, key.dataset, key.version, run_id=key.run)
    return key if names is None else replace(key, names=names.id)


def map_in_use(selection: Selection) -> InterestMap | None:
    """The map that belongs to ``interests_in_use``."""
    key = of_interests(selection, "map")
    return None if key is None else _map(key)


def migration_in_use(selection: Selection, window: str, level: int) -> Migration | None:
    """The migration by ``window`` size at ``level``; None where it was not computed, or was computed for
    interests that have been found anew since.
    """
    key = of_interests(selection, "migration", f"{window}-{level}")
    return None if key is None else _migration(key, window, level)


def answer_in_use(selection: Selection, question: Question) -> Answer | None:
    """The answer to a question about flows; None where it was not measured, or was for interests that have
    been found anew since.
    """
    key = of_interests(selection, ANSWERS, question.key)
    return None if key is None else _answer(key, question)


def mixes_in_use(selection: Selection, window: str, level: int, domain: str = "") -> Mixes:
    """Everybody's mix in every ``window`` over the interests in use, of which there must be some; only of
    one ``domain`` (name) where given.
    """
    return _mixes(_measured_on(selection), selection, window, level, domain)


def events_in_use(selection: Selection, window: str, level: int, domain: str = "") -> pd.DataFrame:
    """Events and users of every interest in use and ``window``; only of one ``domain`` where given."""
    return _events(_measured_on(selection), selection, window, level, domain)


def scorecard_in_use(selection: Selection, protocol: str, target: str) -> Scorecard | None:
    """The newest scorecard for ``target``; None where it was not computed."""
    key = _result_key(selection, "scorecard", f"{protocol}:{target}")
    return None if key is None else _scorecard(key, protocol, target)


def transfer_in_use(selection: Selection) -> TransferMatrix | None:
    """The newest transfer matrix; None where it was not measured."""
    key = _result_key(selection, TRANSFER)
    return None if key is None else _transfer(key)


def cold_start_in_use(selection: Selection, domain: str) -> "ColdStart":
    """Everything a preview in ``domain`` needs, fitted; the first call loads the models and takes a while."""
    base, run = dataset_key(selection), selection.run
    return _cold_start(Key(base.root, base.dataset, base.version, run.id if run else None), domain)


def popular_in_use(selection: Selection, domain: str) -> "ColdStart":
    """What is popular in ``domain``, for where ``cold_start_in_use`` fails."""
    return _popular(dataset_key(selection), domain)


def held_out_in_use(selection: Selection, domain: str) -> "ColdStart":
    """The same for people made new to ``domain`` on purpose, by models that have not seen their answers."""
    base, run = dataset_key(selection), selection.run
    return _held_out(Key(base.root, base.dataset, base.version, run.id if run else None), domain)


def planted_in_use(selection: Selection) -> pd.DataFrame | None:
    """What the sample's generator planted beside what was found, for reading; None for other data."""
    key = of_interests(selection, "migration", "quarter-0")
    if key is None or key.dataset != DEMO:
        return None
    return _planted(key)


def dataset_key(selection: Selection) -> Key:
    """What belongs to the dataset that is selected. There must be one."""
    info = selection.dataset
    if info is None:
        raise LookupError("No dataset is selected.")
    return Key(str(selection.ws.root), info.name, info.version)


def of_interests(selection: Selection, kind: str, key: str = "") -> Key | None:
    """A result that speaks of the interests in use: of the same run and not older than they are."""
    interests = interests_key(selection)
    if interests is None:
        return None
    info = selection.ws.result_info(kind, interests.dataset, interests.version, run_id=interests.run, key=key)
    if info is None or info.stale or info.id < interests.result:
        return None
    return replace(interests, result=info.id)


def _result_key(selection: Selection, kind: str, key: str | None = None) -> Key | None:
    base, run = dataset_key(selection), selection.run.id if selection.run else None
    for wanted in dict.fromkeys((run, None, ANY)):
        info = selection.ws.result_info(
            kind, base.dataset, base.version, run_id=wanted, key=ANY if key is None else key
        )
        if info is not None and not info.stale:
            return Key(base.root, base.dataset, base.version, info.run_id, info.id)
    return None


@st.cache_resource(max_entries=2, show_spinner="Reading the dataset …")
def dataset_of(key: Key) -> Dataset:
    """A version of a dataset, in memory."""
    return opened(key.root).load_dataset(key.dataset, key.version)


@st.cache_resource(max_entries=4, show_spinner=False)
def _interests(key: Key) -> Interests | None:
    return pipeline.load_interests(opened(key.root), key.dataset, key.version, key.run)


@st.cache_resource(max_entries=2, show_spinner="Reading the map …")
def _map(key: Key) -> InterestMap | None:
    return pipeline.load_map(opened(key.root), key.dataset, key.version, key.run)


@st.cache_resource(max_entries=4, show_spinner="Loading the models and fitting the recommenders …")
def _cold_start(key: Key, domain: str) -> "ColdStart":
    return pipeline.prepare_recommender(opened(key.root), key.dataset, domain, key.run, key.version)


@st.cache_resource(max_entries=1, show_spinner=False)
def _popular(key: Key, domain: str) -> "ColdStart":
    return pipeline.prepare_popular(opened(key.root), key.dataset, domain, key.version)


@st.cache_resource(max_entries=1, show_spinner="Fitting recommenders that have not seen the test users …")
def _held_out(key: Key, domain: str) -> "ColdStart":
    return pipeline.prepare_held_out(opened(key.root), key.dataset, domain, key.run, key.version)


@st.cache_data(max_entries=2, show_spinner=False)
def _planted(key: Key) -> pd.DataFrame | None:
    try:
        found = planted_and_detected(opened(key.root), key.dataset, key.version)
    except InputError:
        return None
    names = {column: column.replace("_", " ").capitalize() for column in found.columns}
    readable = found.rename(columns=names)
    return readable[["Cohort", "Agrees", *(c for c in readable if c not in ("Cohort", "Agrees"))]]


@st.cache_resource(max_entries=4, show_spinner=False)
def _transfer(key: Key) -> TransferMatrix | None:
    return pipeline.load_transfer(opened(key.root), key.dataset, key.version, key.run)


@st.cache_resource(max_entries=6, show_spinner=False)
def _migration(key: Key, window: str, level: int) -> Migration | None:
    return pipeline.load_migration(opened(key.root), key.dataset, key.version, key.run, window, level)


@st.cache_resource(max_entries=8, show_spinner=False)
def _answer(key: Key, question: Question) -> Answer | None:
    return pipeline.load_answer(opened(key.root), key.dataset, key.version, key.run, question)


@st.cache_resource(max_entries=8, show_spinner=False)
def _mixes(key: Key, _selection: Selection, window: str, level: int, domain: str) -> Mixes:  # noqa: ARG001
    return measured_mixes(*_to_measure(_selection), level, WindowSize(window), domain)


@st.cache_resource(max_entries=8, show_spinner=False)
def _events(key: Key, _selection: Selection, window: str, level: int, domain: str) -> pd.DataFrame:  # noqa: ARG001
    return interest_events(*_to_measure(_selection), level, WindowSize(window), domain)


def _measured_on(selection: Selection) -> Key:
    return _result_key(selection, "interests") or dataset_key(selection)


def _to_measure(selection: Selection) -> tuple[Dataset, Interests]:
    interests = interests_in_use(selection)
    if interests is None:
        raise LookupError("There are no interests.")
    return dataset_in_use(selection), interests


@st.cache_resource(max_entries=12, show_spinner=False)
def _scorecard(key: Key, protocol: str, target: str) -> Scorecard | None:
    return pipeline.load_scorecard(opened(key.root), key.dataset, key.version, protocol, target)
