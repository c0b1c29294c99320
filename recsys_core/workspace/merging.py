"""A clean log joined to what the dataset already holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from recsys_core.catalogue.users import DOMAIN_A, DOMAIN_B
from recsys_core.columns import (
    DOMAIN,
    INTERACTION_COLUMNS,
    ITEM_ID,
    N_EVENTS,
    N_ITEMS,
    N_USERS,
    TEXT,
    TIMESTAMP,
    TITLE,
    USER_ID,
)
from recsys_core.logs.sources import fetch, quoted
from recsys_core.workspace.content import INTERACTIONS, ITEMS
from recsys_core.workspace.preparation import domain_of_file
from recsys_core.workspace.records import DatasetInfo

_COLUMNS = ", ".join(INTERACTION_COLUMNS)


@dataclass(frozen=True)
class Merge:
    """A clean log (Parquet at ``clean``) on top of a dataset version (``old``, None for a new dataset)."""

    connection: duckdb.DuckDBPyConnection
    clean: Path
    old: DatasetInfo | None
    append: bool

    @property
    def new(self) -> str:
        """SQL relation of the clean log."""
        return f"read_parquet({quoted(str(self.clean))})"

    def merged(self) -> str:
        """SQL query of the events of the next version: the old ones that stay, then the new ones that are
        not already there.
        """
        new = f"SELECT {_COLUMNS} FROM {self.new}"
        if self.old is None:
            return new
        old = f"SELECT {_COLUMNS} FROM read_parquet({quoted(str(self.old.folder / INTERACTIONS))})"
        if self.append:
            return f"{old} UNION ALL (SELECT n.* FROM ({new}) n ANTI JOIN ({old}) o USING ({_COLUMNS}))"
        return f"{old} WHERE {DOMAIN} NOT IN (SELECT DISTINCT {DOMAIN} FROM {self.new}) UNION ALL {new}"

    def write(self, path: Path) -> None:
        """Write the events of the next version to a Parquet file."""
        if self.old is None:
            self.clean.rename(path)
        else:
            self.connection.execute(f"COPY ({self.merged()}) TO {quoted(str(path))} (FORMAT parquet)")

    def domains(self) -> pd.DataFrame:
        """Per domain of the new log: ``domain, n_events, n_users, n_items, first, last``."""
        return fetch(
            self.connection,
            f"""SELECT {DOMAIN}, count(*) AS {N_EVENTS}, count(DISTINCT {USER_ID}) AS {N_USERS},
            count(DISTINCT {ITEM_ID}) AS {N_ITEMS}, min({TIMESTAMP}) AS first, max({TIMESTAMP}) AS last
            FROM {self.new} GROUP BY {DOMAIN} ORDER BY {DOMAIN}""",
        )

    def n_users(self) -> int:
        """Users of the next version."""
        query = f"SELECT count(DISTINCT {USER_ID}) FROM ({self.merged()})"
        return int(self.connection.execute(query).fetchall()[0][0])

    def n_known(self) -> int:
        """Rows of the new log that the dataset already holds, when appending."""
        if self.old is None or not self.append:
            return 0
        old = f"read_parquet({quoted(str(self.old.folder / INTERACTIONS))})"
        query = f"SELECT count(*) FROM {self.new} n SEMI JOIN {old} o USING ({_COLUMNS})"
        return int(self.connection.execute(query).fetchall()[0][0])

    def overlap(self) -> pd.DataFrame:
        """Users shared by each pair of domains of the next version: ``domain_a, domain_b, n_users``."""
        return fetch(
            self.connection,
            f"""WITH seen AS (SELECT DISTINCT {USER_ID}, {DOMAIN} FROM ({self.merged()})),
            names AS (SELECT DISTINCT {DOMAIN} FROM seen),
            shared AS (SELECT a.{DOMAIN} AS a, b.{DOMAIN} AS b, count(*) AS n FROM seen AS a
                JOIN seen AS b ON a.{USER_ID} = b.{USER_ID} AND a.{DOMAIN} < b.{DOMAIN} GROUP BY ALL)
            SELECT x.{DOMAIN} AS {DOMAIN_A}, y.{DOMAIN} AS {DOMAIN_B}, coalesce(n, 0)::BIGINT AS {N_USERS}
            FROM names AS x JOIN names AS y ON x.{DOMAIN} < y.{DOMAIN}
            LEFT JOIN shared ON a = x.{DOMAIN} AND b = y.{DOMAIN} ORDER BY ALL""",
        )

    def place_items(self, items: pd.DataFrame, file: Path) -> pd.DataFrame:
        """The items of the log's domains.

        Where the file names none of these, they get the only one of the log, else the one their file is
        named after, else every one whose log has their id; items that then have none are left out.
        """
        names = self.domains()[DOMAIN].tolist()
        if items[DOMAIN].isin(names).any():
            return items[items[DOMAIN].isin(names)]
        after = [name for name in names if domain_of_file(file).lower().startswith(name.lower())]
        only = names if len(names) == 1 else after[:1] if len(after) == 1 else []
        if only:
            return items.assign(**{DOMAIN: only[0]})
        seen = fetch(self.connection, f"SELECT DISTINCT {ITEM_ID}, {DOMAIN} FROM {self.new}")
        return items.drop(columns=DOMAIN).merge(seen, on=ITEM_ID, how="inner")

    def silent_items(self, items: pd.DataFrame) -> dict[str, tuple[int, int]]:
        """Per domain of the new log: how many of its items have no title or text, and how many it has."""
        told = items[(items[TITLE] + items[TEXT]) != ""]
        seen = fetch(self.connection, f"SELECT DISTINCT {DOMAIN}, {ITEM_ID} FROM {self.new}")
        keys = [DOMAIN, ITEM_ID]
        seen["silent"] = ~pd.MultiIndex.from_frame(seen[keys]).isin(pd.MultiIndex.from_frame(told[keys]))
        counts = seen.groupby(DOMAIN)["silent"].agg(["sum", "count"])
        return {str(row.Index): (int(row[1]), int(row[2])) for row in counts.itertuples()}

    def items(self, new: Sequence[pd.DataFrame]) -> pd.DataFrame:
        """The items of the next version; what is new of an item comes before what was known of it.

        Where a domain is replaced together with its items, the old items of that domain go.
        """
        empty = pd.DataFrame(columns=[ITEM_ID, DOMAIN, TITLE, TEXT], dtype="str")
        fresh = pd.concat([empty, *new], ignore_index=True)
        if self.old is not None:
            known = pd.read_parquet(self.old.folder / ITEMS)
            if not self.append:
                known = known[~known[DOMAIN].isin(fresh[DOMAIN].unique())]
            fresh = pd.concat([fresh, known], ignore_index=True)
        return fresh.drop_duplicates([DOMAIN, ITEM_ID], ignore_index=True).fillna("").astype("str")
