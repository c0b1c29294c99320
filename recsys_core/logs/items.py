"""Item files in, one typed frame out: ids, titles, the text that the encoder reads, attributes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from recsys_core.columns import DOMAIN, ITEM_COLUMNS, ITEM_ID, TEXT, TITLE
from recsys_core.logs.formats import FileInfo, FileKind
from recsys_core.logs.roles import ColumnRoles, settle_roles
from recsys_core.logs.sources import explain, fetch, named, open_duckdb, relation
from recsys_core.logs.text import clean_cell, clean_list, clean_text, item_text

_NO_ID = ("", "null", "nan", "none", r"\n")


@dataclass(frozen=True)
class CleanItems:
    """``frame``: ``item_id, domain, title, text`` and attributes, all str, "" where unknown; ``domain`` is ""
    where the file has no such column. Each (domain, item_id) once, the first row with a title or text.
    ``n_read``; ``n_bad``: rows without an id; ``n_repeated``; ``n_untitled``: kept items without a title.
    """

    frame: pd.DataFrame
    n_read: int
    n_bad: int
    n_repeated: int
    n_untitled: int


def read_items(info: FileInfo, corrections: Mapping[str, str], folder: Path) -> CleanItems:
    """Read one file of items; ``corrections``: role → column; ``folder``: for temporary files.

    Raises InputError where no column looks like the item or the file cannot be read to its end.
    """
    roles = settle_roles(info.path.name, info.columns, info.guess, corrections, needed=("item",))
    rows = _rows(info, roles, folder)
    frame = _typed(rows, roles)
    known = frame[~frame[ITEM_ID].str.lower().isin(_NO_ID)]
    silent = (known[TITLE] + known[TEXT] == "").to_numpy()
    ordered = known.assign(silent=silent).sort_values("silent", kind="stable").drop(columns="silent")
    once = ordered.drop_duplicates([DOMAIN, ITEM_ID]).sort_index().reset_index(drop=True)
    return CleanItems(
        frame=once,
        n_read=len(rows),
        n_bad=len(frame) - len(known),
        n_repeated=len(known) - len(once),
        n_untitled=int((once[TITLE] == "").sum()),
    )


def _rows(info: FileInfo, roles: ColumnRoles, folder: Path) -> pd.DataFrame:
    """Every row of a file of items; of a log only what it says of its items, each once."""
    what = "*"
    if info.kind is FileKind.INTERACTIONS:
        told = (roles.item, roles.domain, roles.title, *roles.text, roles.category)
        what = "DISTINCT " + ", ".join(named(column) for column in dict.fromkeys(told) if column)
    with open_duckdb(folder) as connection:
        try:
            rows: pd.DataFrame = fetch(connection, f"SELECT {what} FROM {relation(info, folder, 'items')}")
        except duckdb.Error as error:
            raise explain(info.path.name, error) from error
    return rows.fillna("").astype("str")


def _typed(rows: pd.DataFrame, roles: ColumnRoles) -> pd.DataFrame:
    empty = pd.Series("", index=rows.index, dtype="str")
    title = rows[roles.title].map(clean_text) if roles.title else empty
    category = rows[roles.category].map(clean_list) if roles.category else empty
    texts = [rows[column].map(clean_cell) for column in roles.text]
    frame = {
        ITEM_ID: rows[str(roles.item)].str.strip(),
        DOMAIN: rows[roles.domain].str.strip() if roles.domain else empty,
        TITLE: title,
        TEXT: pd.Series(map(item_text, title, *texts, category), index=rows.index, dtype="str"),
    }
    used = {roles.item, roles.domain, roles.title}
    for column in rows.columns:
        if column not in used:
            name = f"{column}_" if column in ITEM_COLUMNS else column
            frame[name] = category if column == roles.category else rows[column].str.strip()
    return pd.DataFrame(frame).astype("str")
