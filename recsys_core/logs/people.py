"""Tables of people in, one typed frame out: a row a person, their id and what is told of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from recsys_core.columns import USER_ID
from recsys_core.errors import InputError
from recsys_core.logs.cells import tidy
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.logs.roles import bare_name, settle_roles
from recsys_core.logs.tables import read_table

_UNTOLD = pa.array(["nan", "null", r"\n"])
"""What exports write where nothing is said; "none" may be an answer."""


@dataclass(frozen=True)
class CleanPeople:
    """``frame``: ``user_id`` and attributes, all str, "" where unknown; each person once, each attribute by
    the first row that tells it.

    ``n_read``; ``n_bad``: rows without an id; ``n_repeated``: rows of people told of before;
    ``n_disagreeing``: people of whom two rows tell different things; ``malformed_line``: the first of the
    ``n_malformed`` lines that are no rows, 0 where there are none.
    """

    frame: pd.DataFrame
    n_read: int
    n_bad: int
    n_repeated: int
    n_disagreeing: int = 0
    n_malformed: int = 0
    malformed_line: int = 0


def read_people(
    info: FileInfo,
    corrections: Mapping[str, str],
    folder: Path,
    pseudonyms: Pseudonyms | None = None,
    row_limit: int | None = None,
) -> CleanPeople:
    """Read one table of people; ``corrections``: role → column; ``folder``: for temporary files;
    ``pseudonyms``: those that the log is stored with; ``row_limit``: only so many rows.

    Raises InputError where no column looks like the user, where there is none beside it, or where the file
    cannot be read to its end.
    """
    user = str(settle_roles(info.name, info.columns, info.guess, corrections, needed=("user",)).user)
    if len(info.columns) < 2:
        raise InputError(
            f"{info.name} has no column beside {user!r}, so it tells nothing of people.",
            "Export it with a column for each attribute, e.g. user_id,gender,age.",
        )
    table = read_table(info, folder, row_limit)
    ids, _ = tidy(_cells(table.rows[user]), ids=True)
    named = ids.is_valid().to_numpy(zero_copy_only=False)
    known = _typed(table.rows[named], user, ids.drop_null(), pseudonyms)
    once = told_once([known])
    return CleanPeople(
        frame=once,
        n_read=len(table.rows),
        n_bad=int((~named).sum()),
        n_repeated=len(known) - len(once),
        n_disagreeing=_disagreeing(known),
        n_malformed=table.n_malformed,
        malformed_line=table.malformed_line,
    )


def told_once(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """All tables as one with each person once, in order of their first rows; of each attribute the first
    value that is told counts, "" where none is.
    """
    rows = pd.concat(tables, ignore_index=True).fillna("").astype("str")
    if not rows[USER_ID].duplicated().any():
        return rows
    return rows.mask(rows == "").groupby(USER_ID, sort=False).first().reset_index().fillna("").astype("str")


def _typed(rows: pd.DataFrame, user: str, ids: pa.StringArray, pseudonyms: Pseudonyms | None) -> pd.DataFrame:
    frame = {USER_ID: pseudonyms.of_all(ids) if pseudonyms else ids}
    for column in map(str, rows.columns.drop(user)):
        name = bare_name(column)
        name = column if name in frame else name
        frame[f"{name}_" if name == USER_ID else name] = _told(rows[column])
    typed: pd.DataFrame = pa.table(frame).to_pandas()
    return typed.astype("str")


def _told(values: pd.Series) -> pa.StringArray:
    cells, _ = tidy(_cells(values))
    untold = pc.is_in(pc.ascii_lower(cells), value_set=_UNTOLD)
    return pc.if_else(untold, "", cells.fill_null(""))


def _cells(values: pd.Series) -> pa.StringArray:
    """In one piece, which a long column read from a file is not."""
    return pa.array(values.to_numpy(object), pa.string())


def _disagreeing(known: pd.DataFrame) -> int:
    """How many people are told different things of."""
    again = known[known[USER_ID].duplicated(keep=False)]
    different = again.mask(again == "").groupby(USER_ID).nunique()
    return int((different > 1).any(axis=1).sum())
