"""What the next version of a dataset tells of people: new tables beside what was known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from recsys_core.catalogue.people import grouping_attributes
from recsys_core.columns import USER_ID
from recsys_core.logs.people import CleanPeople, told_once
from recsys_core.logs.tally import hash_ids, held
from recsys_core.workspace.content import PEOPLE
from recsys_core.workspace.merging import Merge


@dataclass(frozen=True)
class ToldPeople:
    """``frame``: what is stored, ``user_id`` and attributes, None where nothing is told. ``n_strangers``:
    people of the new tables who have no event, so they are left out; ``dropped``: attributes that group
    nobody, so they are left out.
    """

    frame: pd.DataFrame | None = None
    n_strangers: int = 0
    dropped: tuple[str, ...] = ()

    @property
    def attributes(self) -> tuple[str, ...]:
        """What is stored of people beside their ids."""
        return () if self.frame is None else tuple(self.frame.columns.drop(USER_ID))


def people_of(merge: Merge, new: Sequence[CleanPeople]) -> ToldPeople:
    """The people of the next version. What is new of a person comes before what was known; where a domain is
    replaced together with a table of people, what was known of those who were in no other domain goes.
    """
    fresh, old = [one.frame for one in new], _known(merge, replaced=bool(new) and not merge.append)
    if not fresh and old is None:
        return ToldPeople()
    told = told_once([*fresh, *([] if old is None else [old])])
    kept = told[_are_in(told, merge)]
    used = grouping_attributes(kept)
    stored = kept[[USER_ID, *used]].reset_index(drop=True)
    return ToldPeople(
        frame=stored if len(stored) and used else None,
        n_strangers=sum(len({*table[USER_ID][~_are_in(table, merge)]}) for table in fresh),
        dropped=tuple(column for column in told.columns if column not in stored),
    )


def _known(merge: Merge, replaced: bool) -> pd.DataFrame | None:
    file = merge.old.folder / PEOPLE if merge.old else None
    if file is None or not file.exists():
        return None
    known = pd.read_parquet(file)
    return known[held(_hashes(known), merge.users_elsewhere)] if replaced else known


def _are_in(people: pd.DataFrame, merge: Merge) -> pd.Series:
    return pd.Series(held(_hashes(people), merge.users), people.index)


def _hashes(people: pd.DataFrame) -> NDArray[np.uint64]:
    return hash_ids(pa.array(people[USER_ID], pa.string()))
