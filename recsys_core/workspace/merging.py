"""A clean log joined to what the dataset already holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
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
from recsys_core.logs.sources import fetch, in_order, quoted
from recsys_core.workspace.content import INTERACTIONS, ITEMS, Counted, count_content
from recsys_core.workspace.preparation import domain_of_file
from recsys_core.workspace.records import DatasetInfo

_COLUMNS = ", ".join(INTERACTION_COLUMNS)


@dataclass(frozen=True, eq=False)
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
        if self.old is None:
            return f"SELECT * FROM {self.new}"
        if self.append:
            fresh = in_order(self.clean, f"ANTI JOIN {self._old} AS o USING ({_COLUMNS})")
            return f"SELECT * FROM {self._old} UNION ALL BY NAME ({fresh})"
        replaced = ", ".join(quoted(name) for name in self._names)  # a subquery would lose the order of rows
        kept = f"SELECT * FROM {self._old} WHERE {DOMAIN} NOT IN ({replaced})"
        return f"{kept} UNION ALL BY NAME SELECT * FROM {self.new}"

    @cached_property
    def _names(self) -> list[str]:
        """The domains of the new log."""
        found = self.connection.execute(f"SELECT DISTINCT {DOMAIN} FROM {self.new} ORDER BY {DOMAIN}")
        return [str(row[0]) for row in found.fetchall()] or [""]

    @property
    def _old(self) -> str:
        """SQL relation of the version before."""
        folder = self.old.folder if self.old else Path()
        return f"read_parquet({quoted(str(folder / INTERACTIONS))})"

    def _made(self, table: str, query: str) -> str:
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")
        return table

    def _number(self, query: str) -> int:
        return int(self.connection.execute(query).fetchall()[0][0])

    def write(self, path: Path) -> None:
        """Write the events of the next version to a Parquet file."""
        if self.old is None:
            self.clean.rename(path)
        else:
            self.connection.execute(f"COPY ({self.merged()}) TO {quoted(str(path))} (FORMAT parquet)")

    @cached_property
    def users(self) -> str:
        """Table with a row for each user and domain of the next version."""
        query = f"SELECT DISTINCT {USER_ID}, {DOMAIN} FROM ({self.merged()})"
        return self._made("merged_users", query)

    @cached_property
    def new_items(self) -> str:
        """Table with a row for each item and domain of the new log."""
        return self._made("new_items", f"SELECT DISTINCT {DOMAIN}, {ITEM_ID} FROM {self.new}")

    def counted(self, items: pd.DataFrame, new_hash: str) -> Counted:
        """What is in the next version; ``items``: all of its items; ``new_hash``: of the new log."""
        self.connection.register("next_items", items[[DOMAIN, ITEM_ID]])
        log = f"({self.merged()})"
        log_items = f"SELECT DISTINCT {DOMAIN}, {ITEM_ID} FROM {log if self.old else self.new_items}"
        counted = count_content(self.connection, log, log_items, "next_items", self.n_users)
        return counted if self.old else replace(counted, interactions_hash=new_hash)

    @cached_property
    def domains(self) -> pd.DataFrame:
        """Per domain of the new log: ``domain, n_events, n_users, n_items, first, last``."""
        users = self.users
        if self.old is not None:
            users = self._made("new_users", f"SELECT DISTINCT {USER_ID}, {DOMAIN} FROM {self.new}")
        return fetch(
            self.connection,
            f"""SELECT {DOMAIN}, {N_EVENTS}, {N_USERS}, {N_ITEMS}, first, last FROM
            (SELECT {DOMAIN}, count(*) AS {N_EVENTS}, min({TIMESTAMP}) AS first, max({TIMESTAMP}) AS last
                FROM {self.new} GROUP BY {DOMAIN})
            JOIN (SELECT {DOMAIN}, count(*) AS {N_USERS} FROM {users} GROUP BY {DOMAIN}) USING ({DOMAIN})
            JOIN (SELECT {DOMAIN}, count(*) AS {N_ITEMS} FROM {self.new_items} GROUP BY {DOMAIN})
                USING ({DOMAIN}) ORDER BY {DOMAIN}""",
        )

    @cached_property
    def n_users(self) -> int:
        """Users of the next version."""
        return self._number(f"SELECT count(DISTINCT {USER_ID}) FROM {self.users}")

    @cached_property
    def n_known(self) -> int:
        """Rows of the new log that the dataset already holds, when appending."""
        if self.old is None or not self.append:
            return 0
        return self._number(f"SELECT count(*) FROM {self.new} n SEMI JOIN {self._old} o USING ({_COLUMNS})")

    def n_alike(self) -> tuple[int, int]:
        """Users and items of the new log whose ids differ from another's only in upper and lower case."""
        users = f"SELECT lower({USER_ID}) AS id FROM (SELECT DISTINCT {USER_ID} FROM {self.users})"
        items = f"SELECT ({DOMAIN}, lower({ITEM_ID})) AS id FROM {self.new_items}"
        alike = "SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM ({0}) GROUP BY id) WHERE n > 1"
        return self._number(alike.format(users)), self._number(alike.format(items))

    @cached_property
    def overlap(self) -> pd.DataFrame:
        """Users shared by each pair of domains of the next version: ``domain_a, domain_b, n_users``."""
        return fetch(
            self.connection,
            f"""WITH names AS (SELECT DISTINCT {DOMAIN} FROM {self.users}),
            shared AS (SELECT a.{DOMAIN} AS a, b.{DOMAIN} AS b, count(*) AS n FROM {self.users} AS a
                JOIN {self.users} AS b ON a.{USER_ID} = b.{USER_ID} AND a.{DOMAIN} < b.{DOMAIN} GROUP BY ALL)
            SELECT x.{DOMAIN} AS {DOMAIN_A}, y.{DOMAIN} AS {DOMAIN_B}, coalesce(n, 0)::BIGINT AS {N_USERS}
            FROM names AS x JOIN names AS y ON x.{DOMAIN} < y.{DOMAIN}
            LEFT JOIN shared ON a = x.{DOMAIN} AND b = y.{DOMAIN} ORDER BY ALL""",
        )

    def place_items(self, items: pd.DataFrame, file: str, domain: str | None = None) -> pd.DataFrame:
        """The items of the log's domains; ``domain``: that of all of them, where people said so.

        Where the file names none of these, they get the only one of the log, else the one their file is
        named after, else every one whose log has their id; items that then have none are left out.
        """
        names = self.domains[DOMAIN].tolist()
        if domain is not None and domain in names:
            return items.assign(**{DOMAIN: domain})
        if items[DOMAIN].isin(names).any():
            return items[items[DOMAIN].isin(names)]
        after = [name for name in names if domain_of_file(file).lower().startswith(name.lower())]
        only = names if len(names) == 1 else after[:1] if len(after) == 1 else []
        if only:
            return items.assign(**{DOMAIN: only[0]})
        seen = fetch(self.connection, f"SELECT {ITEM_ID}, {DOMAIN} FROM {self.new_items}")
        return items.drop(columns=DOMAIN).merge(seen, on=ITEM_ID, how="inner")

    def item_coverage(self, items: pd.DataFrame) -> pd.DataFrame:
        """Per domain of the new log: ``domain, n_items`` in the log, ``n_silent`` of them without title or
        text, ``n_unused``: items of the domain in ``items`` that no event is about.
        """
        told = items[[DOMAIN, ITEM_ID]].assign(told=(items[TITLE] + items[TEXT]) != "")
        self.connection.register("told_items", told)
        query = f"""SELECT {DOMAIN}, count(*) FILTER (new.here) AS n_items,
            count(*) FILTER (new.here AND NOT coalesce(told, false)) AS n_silent,
            count(*) FILTER (new.here IS NULL) AS n_unused
            FROM (SELECT *, true AS here FROM {self.new_items}) AS new
            FULL JOIN told_items USING ({DOMAIN}, {ITEM_ID})
            WHERE {DOMAIN} IN (SELECT {DOMAIN} FROM {self.new_items}) GROUP BY {DOMAIN} ORDER BY {DOMAIN}"""
        return fetch(self.connection, query)

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
