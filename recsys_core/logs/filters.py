"""Users and items with too few events left out, and what that would leave."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from recsys_core.columns import DOMAIN, ITEM_ID, N_EVENTS, N_ITEMS, N_USERS, USER_ID
from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.sources import in_order, quoted

FILTER = "filter"
LEAST = "least"
CORE = "k-core"
HISTORY = "history"
TRIED = (2, 3, 5, 10, 20)
_KEYS = {USER_ID: USER_ID, ITEM_ID: f"{DOMAIN}, {ITEM_ID}"}


@dataclass(frozen=True)
class _Pairs:
    """Events as numbers: ``user, item`` (E,) int32. Filters need no more than this."""

    user: NDArray[np.int32]
    item: NDArray[np.int32]

    def filtered(self, rules: EventRules) -> "_Pairs":
        """The events that ``rules`` leave: rare users go, then rare users and items in turn until none is
        left (the k-core of the bipartite graph of events; Seidman 1983).
        """
        left = self._where(_often(self.user, rules.min_history))
        while True:
            before = len(left.user)
            left = left._where(_often(left.user, rules.core))
            left = left._where(_often(left.item, rules.core))
            if len(left.user) == before:
                return left

    def _where(self, kept: NDArray[np.bool_]) -> "_Pairs":
        return self if kept.all() else _Pairs(self.user[kept], self.item[kept])


def keep_frequent(connection: duckdb.DuckDBPyConnection, clean: Path, rules: EventRules, out: Path) -> int:
    """Write the events of ``clean`` that ``rules.min_history`` and ``rules.core`` leave to ``out``, in their
    order; how many went.
    """
    source = f"read_parquet({quoted(str(clean))})"
    pairs = _number(connection, source)
    left = pairs.filtered(rules)  # all events of the users and items that are left, and no others
    for key, numbers in ((USER_ID, left.user), (ITEM_ID, left.item)):
        connection.register(f"left_{key}", pa.table({"n": np.unique(numbers)}))
        kept = f"SELECT * EXCLUDE n FROM numbered_{key} SEMI JOIN left_{key} USING (n)"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE kept_{key} AS {kept}")
    joins = " ".join(f"SEMI JOIN kept_{key} USING ({columns})" for key, columns in _KEYS.items())
    kept = in_order(clean, joins)
    connection.execute(f"COPY ({kept}) TO {quoted(str(out))} (FORMAT parquet)")
    return len(pairs.user) - len(left.user)


def filter_effects(connection: duckdb.DuckDBPyConnection, clean: Path) -> pd.DataFrame:
    """What each filter by itself would leave of the events in ``clean``: a row for each of ``k-core`` and
    ``history`` with each least number of events, columns ``filter, least, n_users, n_items, n_events``; the
    first row, with 1, is the log as it is.
    """
    pairs = _number(connection, f"read_parquet({quoted(str(clean))})")
    tried = [EventRules(), *(EventRules(core=k) for k in TRIED), *(EventRules(min_history=k) for k in TRIED)]
    return pd.DataFrame([_effect(pairs, rules) for rules in tried])


def _effect(pairs: _Pairs, rules: EventRules) -> dict[str, object]:
    left = pairs.filtered(rules)
    which, least = (CORE, rules.core) if rules.core > 1 else (HISTORY, rules.min_history)
    counts = {
        N_USERS: len(np.unique(left.user)),
        N_ITEMS: len(np.unique(left.item)),
        N_EVENTS: len(left.user),
    }
    return {FILTER: which, LEAST: least, **counts}


def _often(numbers: NDArray[np.int32], least: int) -> NDArray[np.bool_]:
    """(E,) whether the number of each event comes at least so often."""
    if least <= 1:
        return np.ones(len(numbers), dtype=np.bool_)
    often: NDArray[np.bool_] = np.bincount(numbers) >= least
    return often[numbers]


def _number(connection: duckdb.DuckDBPyConnection, source: str) -> _Pairs:
    """The events as numbers; the tables ``numbered_…`` tell which user and which item is which."""
    for key, columns in _KEYS.items():
        distinct = f"SELECT DISTINCT {columns} FROM {source}"
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE numbered_{key} AS "
            f"SELECT *, (row_number() OVER () - 1)::INTEGER AS n FROM ({distinct})"
        )
    joins = " ".join(f"JOIN numbered_{key} AS of_{key} USING ({columns})" for key, columns in _KEYS.items())
    query = f"SELECT of_{USER_ID}.n AS u, of_{ITEM_ID}.n AS i FROM {source} AS log {joins}"
    numbers = connection.execute(query).fetchnumpy()
    return _Pairs(np.asarray(numbers["u"], np.int32), np.asarray(numbers["i"], np.int32))
