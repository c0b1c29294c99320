"""What is in a dataset, domain by domain, and between which domains there is enough to learn from."""

from enum import StrEnum
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DOMAIN, N_EVENTS, N_ITEMS, N_USERS, TEXT

MONTH: Final = "month"
SOURCE: Final = "source"
TARGET: Final = "target"
EVIDENCE: Final = "evidence"
FEW_USERS: Final = 50
ENOUGH_USERS: Final = 200


class Evidence(StrEnum):
    """How far shared users reach: 10 % of them are held out for a test, and intervals need some dozens."""

    ENOUGH = "enough"
    SOME = "some"
    TOO_FEW = "too few"


def events_by_month(interactions: Path) -> pd.DataFrame:
    """Columns ``month`` (its first day), ``domain``, ``n_events``, ``n_users``; a row where there are any.

    ``interactions``: the Parquet file of a dataset. Read by DuckDB, so the events stay out of memory.
    """
    query = """
        SELECT CAST(date_trunc('month', CAST("timestamp" AS TIMESTAMP)) AS TIMESTAMP) AS month, domain,
               count(*) AS n_events, count(DISTINCT user_id) AS n_users
        FROM read_parquet($file) GROUP BY ALL ORDER BY month, domain
    """
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query, {"file": str(interactions)}).df()


def domain_summary(dataset: Dataset) -> pd.DataFrame:
    """A row per domain: ``domain, n_users, n_items, n_events, per_user`` (median events of its users),
    ``with_text`` (fraction of its items with text, in [0, 1]).
    """
    touched = _touched(dataset)
    text = dataset.items[TEXT].astype(str).str.len().to_numpy() > 0
    rows = []
    for index, domain in enumerate(dataset.domains):
        counts = touched[:, index]
        items = dataset.item_domain == index
        rows.append(
            {
                DOMAIN: domain,
                N_USERS: int((counts > 0).sum()),
                N_ITEMS: int(items.sum()),
                N_EVENTS: int(counts.sum()),
                "per_user": float(np.median(counts[counts > 0])) if counts.any() else 0.0,
                "with_text": float(text[items].mean()) if items.any() else 0.0,
            }
        )
    return pd.DataFrame(rows)


def events_per_user(dataset: Dataset) -> NDArray[np.int64]:
    """(U,) events of each user, over all domains."""
    return np.diff(dataset.offsets)


def directions(dataset: Dataset) -> pd.DataFrame:
    """A row per ordered pair of domains: ``source, target, n_users`` (with events in both), ``evidence``.

    Sorted by shared users, most first. Empty for a single domain.
    """
    active = (_touched(dataset) > 0).astype(np.int64)  # (U, D)
    shared = active.T @ active  # (D, D)
    rows = [
        {SOURCE: a, TARGET: b, N_USERS: int(shared[i, j]), EVIDENCE: evidence(int(shared[i, j]))}
        for i, a in enumerate(dataset.domains)
        for j, b in enumerate(dataset.domains)
        if i != j
    ]
    table = pd.DataFrame(rows, columns=[SOURCE, TARGET, N_USERS, EVIDENCE])
    return table.sort_values([N_USERS, SOURCE, TARGET], ascending=[False, True, True], ignore_index=True)


def evidence(n_users: int) -> Evidence:
    """What ``n_users`` shared users are enough for."""
    if n_users >= ENOUGH_USERS:
        return Evidence.ENOUGH
    return Evidence.SOME if n_users >= FEW_USERS else Evidence.TOO_FEW


def _touched(dataset: Dataset) -> NDArray[np.int64]:
    """(U, D) events of each user in each domain."""
    n_domains = len(dataset.domains)
    cells = np.bincount(
        dataset.user * n_domains + dataset.event_domain, minlength=dataset.n_users * n_domains
    )
    return cells.reshape(dataset.n_users, n_domains).astype(np.int64)
