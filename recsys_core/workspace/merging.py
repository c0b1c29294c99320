"""A clean log joined to what the dataset already holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from recsys_core.catalogue.users import DOMAIN_A, DOMAIN_B
from recsys_core.columns import (
    DOMAIN,
    INTERACTION_COLUMNS,
    ITEM_ID,
    N_EVENTS,
    N_ITEMS,
    N_USERS,
    TEXT,
    TITLE,
    USER_ID,
)
from recsys_core.logs.sources import in_order, quoted
from recsys_core.logs.tally import DomainTally, Tally, hash_ids, held, tally_of, union
from recsys_core.workspace.content import INTERACTIONS, ITEMS, Counted, count_content
from recsys_core.workspace.preparation import domain_of_file
from recsys_core.workspace.records import DatasetInfo

_COLUMNS = ", ".join(INTERACTION_COLUMNS)


@dataclass(frozen=True, eq=False)
class Merge:
    """A clean log (Parquet at ``clean``, counted in ``tally``) on top of a dataset version (``old``, None
    for a new dataset).
    """

    connection: duckdb.DuckDBPyConnection
    clean: Path
    tally: Tally
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
        replaced = ", ".join(map(quoted, self.tally.domains)) or "''"  # a subquery would lose the order
        kept = f"SELECT * FROM {self._old} WHERE {DOMAIN} NOT IN ({replaced})"
        return f"{kept} UNION ALL BY NAME SELECT * FROM {self.new}"

    @property
    def _old(self) -> str:
        """SQL relation of the version before."""
        folder = self.old.folder if self.old else Path()
        return f"read_parquet({quoted(str(folder / INTERACTIONS))})"

    def _number(self, query: str) -> int:
        return int(self.connection.execute(query).fetchall()[0][0])

    def write(self, path: Path) -> None:
        """Write the events of the next version to a Parquet file."""
        if self.old is None:
            self.clean.rename(path)
        else:
            self.connection.execute(f"COPY ({self.merged()}) TO {quoted(str(path))} (FORMAT parquet)")

    @cached_property
    def _next(self) -> Mapping[str, DomainTally]:
        """Who and what the next version is about; rows that are there already count twice."""
        found = dict(self.tally.domains)
        if self.old is not None:
            for name, known in tally_of(self.connection, self._old).domains.items():
                if name not in found:
                    found[name] = known
                elif self.append:
                    found[name] |= known
        return dict(sorted(found.items()))

    def counted(self, items: pd.DataFrame) -> Counted:
        """What is in the next version; ``items``: all of its items."""
        counted = count_content(self._next, items)
        return replace(counted, n_events=counted.n_events - self.n_known)

    @cached_property
    def domains(self) -> pd.DataFrame:
        """Per domain of the new log: ``domain, n_events, n_users, n_items, first, last``."""
        rows = [
            (name, one.n_events, len(one.users), len(one.items), one.first, one.last)
            for name, one in self.tally.domains.items()
        ]
        frame = pd.DataFrame(rows, columns=[DOMAIN, N_EVENTS, N_USERS, N_ITEMS, "first", "last"])
        times = {name: pd.to_datetime(frame[name], unit="us", utc=True) for name in ("first", "last")}
        return frame.astype({DOMAIN: "str"}).assign(**times)

    @cached_property
    def users(self) -> NDArray[np.uint64]:
        """Hashes of the users of the next version, ascending."""
        return union(one.users for one in self._next.values())

    @property
    def users_elsewhere(self) -> NDArray[np.uint64]:
        """Hashes of the users of the domains that the new log says nothing of, ascending."""
        return union(one.users for name, one in self._next.items() if name not in self.tally.domains)

    @cached_property
    def n_known(self) -> int:
        """Rows of the new log that the dataset already holds, when appending."""
        if self.old is None or not self.append:
            return 0
        return self._number(f"SELECT count(*) FROM {self.new} n SEMI JOIN {self._old} o USING ({_COLUMNS})")

    def n_alike(self) -> tuple[int, int]:
        """Users and items of the new log whose ids differ from another's only in upper and lower case."""
        distinct = {USER_ID: USER_ID, ITEM_ID: f"{DOMAIN}, {ITEM_ID}"}
        users, items = (
            self._n_alike(key, columns) if key in self.tally.mixed else 0 for key, columns in distinct.items()
        )
        return users, items

    def _n_alike(self, key: str, columns: str) -> int:
        whole = columns.replace(key, f"lower({key})")
        alike = f"SELECT count(*) AS n FROM (SELECT DISTINCT {columns} FROM {self.new}) GROUP BY {whole}"
        return self._number(f"SELECT coalesce(sum(n), 0) FROM ({alike}) WHERE n > 1")

    @cached_property
    def overlap(self) -> pd.DataFrame:
        """Users shared by each pair of domains of the next version: ``domain_a, domain_b, n_users``."""
        rows = [
            (a, b, len(np.intersect1d(self._next[a].users, self._next[b].users, assume_unique=True)))
            for a, b in combinations(self._next, 2)
        ]
        frame = pd.DataFrame(rows, columns=[DOMAIN_A, DOMAIN_B, N_USERS])
        return frame.astype({DOMAIN_A: "str", DOMAIN_B: "str", N_USERS: "int64"})

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
        hashes = hash_ids(pa.array(items[ITEM_ID], pa.string()))
        placed = [
            items[held(hashes, one.items)].assign(**{DOMAIN: name})
            for name, one in self.tally.domains.items()
        ]
        return pd.concat([items.head(0), *placed], ignore_index=True)

    def item_coverage(self, items: pd.DataFrame) -> pd.DataFrame:
        """Per domain of the new log: ``domain, n_items`` in the log, ``n_silent`` of them without title or
        text, ``n_unused``: items of the domain in ``items`` that no event is about.
        """
        hashes = hash_ids(pa.array(items[ITEM_ID], pa.string()))
        told = ((items[TITLE] + items[TEXT]) != "").to_numpy()
        rows = []
        for name, one in self.tally.domains.items():
            here = (items[DOMAIN] == name).to_numpy()
            n_silent = len(one.items) - int(held(hashes[here & told], one.items).sum())
            rows.append((name, len(one.items), n_silent, int((~held(hashes[here], one.items)).sum())))
        return pd.DataFrame(rows, columns=[DOMAIN, N_ITEMS, "n_silent", "n_unused"])

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
