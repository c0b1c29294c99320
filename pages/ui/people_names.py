"""What people are called: on every page by the same short pseudonym, unless their ids are asked for.

``people_in_use(dataset)`` gives the names; ``ids_toggle(dataset)`` draws the one switch that all pages obey,
kept in the session, never in the URL. A dataset imported with pseudonyms holds nothing else: no switch.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import streamlit as st
from numpy.typing import NDArray

from pages.ui.loaded import Key, dataset_of
from pages.ui.workspaces import opened, workspace
from recsys_core.catalogue.dataset import Dataset
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.workspace.keys import pseudonyms_of
from recsys_core.workspace.manifest import PSEUDONYMISED

FEWEST_DIGITS: Final = 6
_SWITCH: Final = "ids-as-imported"


@dataclass(frozen=True, eq=False)
class People:
    """``ids``: (U,) as imported; ``short``: (U,) short pseudonyms, all different; ``by_id``: whether ids are
    shown in their place; ``pseudonyms``: what they are made with.
    """

    ids: NDArray[np.object_]
    short: NDArray[np.object_]
    by_id: bool
    pseudonyms: Pseudonyms

    @property
    def names(self) -> NDArray[np.object_]:
        """(U,) what each is called now."""
        return self.ids if self.by_id else self.short

    def find(self, wanted: str, most: int) -> NDArray[np.int64]:
        """At most ``most`` user rows: who has the id ``wanted``, then whose pseudonym (or id, where ids are
        shown) begins with it, then whose holds it. Ids are compared exactly, pseudonyms in any case.
        """
        wanted = wanted.strip()
        if not wanted:
            return np.empty(0, np.int64)
        whole = {wanted, self.pseudonyms.of(wanted)}  # in a dataset with pseudonyms that is whom an id means
        ranks = [
            0 if user_id in whole else min(_rank(short, wanted.lower()), self._of_id(user_id, wanted))
            for user_id, short in zip(self.ids, self.short, strict=True)
        ]
        order = np.argsort(ranks, kind="stable")
        return order[: min(most, sum(rank < _NOT for rank in ranks))].astype(np.int64)

    def _of_id(self, user_id: str, wanted: str) -> int:
        return _rank(user_id, wanted) if self.by_id else _NOT


def people_in_use(dataset: Dataset) -> People:
    """Everybody of a dataset with the names that pages use now."""
    known = _in_use(dataset)
    return replace(known, by_id=True) if st.session_state.get(_SWITCH) else known


def ids_toggle(dataset: Dataset) -> None:
    """The switch, where there are ids to show."""
    if not _in_use(dataset).by_id:
        st.toggle(
            "Show ids as imported",
            key=_SWITCH,
            persist_state="session",
            help="People go by pseudonyms, the same on every page, which only the key of this workspace "
            "leads back from. Until you close the tab, this shows their ids instead.",
        )


def short_names(ids: NDArray[np.object_], pseudonyms: Pseudonyms) -> NDArray[np.object_]:
    """(U,) "user 3f9a2c": the first six hexadecimal digits of each one's pseudonym, or as many more as tell
    two people apart.
    """
    digits = pd.Series(pseudonyms.of_all(pa.array(ids.tolist(), pa.string())).to_pylist(), dtype=object).str[
        1:
    ]
    names, n = digits.str[:FEWEST_DIGITS], FEWEST_DIGITS
    while (alike := names.duplicated(keep=False)).any():
        n += 1
        names = names.where(~alike, digits.str[:n])
    return ("user " + names).to_numpy(object)


def _in_use(dataset: Dataset) -> People:
    return _known(Key(str(workspace().root), dataset.name, dataset.version))


@st.cache_resource(max_entries=2, show_spinner=False)
def _known(key: Key) -> People:
    ws, ids = opened(key.root), dataset_of(key).user_ids
    pseudonyms = pseudonyms_of(ws)
    if ws.dataset(key.dataset, key.version).manifest.get(PSEUDONYMISED):
        return People(ids, ids, True, pseudonyms)
    return People(ids, short_names(ids, pseudonyms), False, pseudonyms)


_NOT: Final = 3


def _rank(text: str, wanted: str) -> int:
    return 1 if text.startswith(wanted) else 2 if wanted in text else _NOT
