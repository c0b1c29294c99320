"""Item files in, one typed frame out: ids, titles, the text that the encoder reads, attributes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recsys_core.columns import DOMAIN, IMAGE, ITEM_COLUMNS, ITEM_ID, TEXT, TITLE
from recsys_core.logs.formats import FileInfo, FileKind
from recsys_core.logs.roles import ColumnRoles, settle_roles
from recsys_core.logs.sources import named
from recsys_core.logs.tables import read_table
from recsys_core.logs.text import LONGEST, clean_cell, clean_list, clean_text, item_text

_NO_ID = ("", "null", "nan", "none", r"\n")


@dataclass(frozen=True)
class CleanItems:
    """``frame``: ``item_id, domain, title, text`` and attributes, all str, "" where unknown; ``domain`` is ""
    where the file has no such column. Each (domain, item_id) once, the first row with a title or text.

    ``n_read``; ``n_bad``: rows without an id; ``n_repeated``; ``disagreeing``: ids told more than once with
    different titles, up to 3 of ``n_disagreeing``; ``n_untitled``: kept items without a title;
    ``malformed_line``: the first of the ``n_malformed`` lines that are no rows, 0 where there are none.
    """

    frame: pd.DataFrame
    n_read: int
    n_bad: int
    n_repeated: int
    n_untitled: int
    n_disagreeing: int = 0
    disagreeing: tuple[str, ...] = ()
    n_malformed: int = 0
    malformed_line: int = 0


def read_items(
    info: FileInfo, corrections: Mapping[str, str], folder: Path, row_limit: int | None = None
) -> CleanItems:
    """Read one file of items; ``corrections``: role → column; ``folder``: for temporary files;
    ``row_limit``: only so many rows.

    Raises InputError where no column looks like the item or the file cannot be read to its end.
    """
    roles = settle_roles(info.name, info.columns, info.guess, corrections, needed=("item",))
    table = read_table(info, folder, row_limit, _columns(info, roles))
    frame = _typed(table.rows, roles)
    known = frame[~frame[ITEM_ID].str.lower().isin(_NO_ID)]
    silent = (known[TITLE] + known[TEXT] == "").to_numpy()
    ordered = known.assign(silent=silent).sort_values("silent", kind="stable").drop(columns="silent")
    once = ordered.drop_duplicates([DOMAIN, ITEM_ID]).sort_index().reset_index(drop=True)
    disagreeing = _disagreeing(known)
    return CleanItems(
        frame=once,
        n_read=len(table.rows),
        n_bad=len(frame) - len(known),
        n_repeated=len(known) - len(once),
        n_untitled=int((once[TITLE] == "").sum()),
        n_disagreeing=len(disagreeing),
        disagreeing=tuple(disagreeing[:3]),
        n_malformed=table.n_malformed,
        malformed_line=table.malformed_line,
    )


def _columns(info: FileInfo, roles: ColumnRoles) -> str:
    """All of a file of items; of a log only what it says of its items, each once."""
    if info.kind is not FileKind.INTERACTIONS:
        return ""
    told = (roles.item, roles.domain, roles.title, *roles.text, roles.category, roles.image)
    return "DISTINCT " + ", ".join(named(column) for column in dict.fromkeys(told) if column)


def _typed(rows: pd.DataFrame, roles: ColumnRoles) -> pd.DataFrame:
    empty = pd.Series("", index=rows.index, dtype="str")
    title = rows[roles.title].map(clean_text).str.slice(0, LONGEST) if roles.title else empty
    category = rows[roles.category].map(clean_list) if roles.category else empty
    texts = [rows[column].map(clean_cell) for column in roles.text]
    frame = {
        ITEM_ID: rows[str(roles.item)].str.strip(),
        DOMAIN: rows[roles.domain].str.strip() if roles.domain else empty,
        TITLE: title,
        TEXT: pd.Series(map(item_text, title, *texts, category), index=rows.index, dtype="str"),
    }
    used = {roles.item, roles.domain, roles.title, roles.image}
    for column in rows.columns:
        if column not in used:
            name = f"{column}_" if column in (*ITEM_COLUMNS, IMAGE) else column
            frame[name] = category if column == roles.category else rows[column].str.strip()
    if roles.image:
        frame[IMAGE] = rows[roles.image].str.strip()
    return pd.DataFrame(frame).astype("str")


def _disagreeing(known: pd.DataFrame) -> list[str]:
    """The ids that are told with more than one title."""
    titled = known[known[TITLE] != ""]
    titles = titled.groupby([DOMAIN, ITEM_ID], sort=False)[TITLE].nunique()
    return [str(item) for _, item in titles[titles > 1].index]
