"""What is in a dataset, domain by domain, and between which domains there is enough to learn from."""

from enum import StrEnum
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.users import DOMAIN_A, DOMAIN_B, events_per_domain, overlap_table
from recsys_core.columns import DOMAIN, N_EVENTS, N_ITEMS, N_USERS, SHARE, TEXT

MONTH: Final = "month"
SOURCE: Final = "source"
TARGET: Final = "target"
EVENTS: Final = "events"
ELSEWHERE: Final = "elsewhere"
STEPS: Final = (1, 2, 3, 5, 10, 20, 50, 100)
FEW_USERS: Final = 50
ENOUGH_USERS: Final = 200


class Evidence(StrEnum):
    """How far people reach for a question: some learn, some test, and intervals need dozens of them."""

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
    """A row per domain: ``domain, n_users, n_items, n_events``; ``elsewhere``, its users with events in
    another domain too; ``per_user``, the median events of its users.
    """
    touched = events_per_domain(dataset)  # (U, D)
    several = (touched > 0).sum(axis=1) > 1
    rows = []
    for index, domain in enumerate(dataset.domains):
        counts = touched[:, index]
        rows.append(
            {
                DOMAIN: domain,
                N_USERS: int((counts > 0).sum()),
                ELSEWHERE: int(((counts > 0) & several).sum()),
                N_ITEMS: int((dataset.item_domain == index).sum()),
                N_EVENTS: int(counts.sum()),
                "per_user": float(np.median(counts[counts > 0])) if counts.any() else 0.0,
            }
        )
    return pd.DataFrame(rows)


def events_per_user(dataset: Dataset) -> pd.DataFrame:
    """How many users have so many events or more: columns ``domain`` ("" for all together, which comes
    first), ``events`` (of ``STEPS``), ``n_users``, ``share`` (fraction of the domain's users, in [0, 1]).
    """
    touched = events_per_domain(dataset)
    columns = [("", touched.sum(axis=1)), *zip(dataset.domains, touched.T, strict=True)]
    rows = []
    for domain, counts in columns[:1] if len(dataset.domains) == 1 else columns:
        n_users = np.array([(counts >= step).sum() for step in STEPS])
        share = n_users / max(1, n_users[0])
        rows += [(domain, *row) for row in zip(STEPS, n_users.tolist(), share.tolist(), strict=True)]
    return pd.DataFrame(rows, columns=[DOMAIN, EVENTS, N_USERS, SHARE])


def text_coverage(dataset: Dataset) -> pd.DataFrame:
    """A row per domain: ``domain, n_items, with_text`` (items with text) and ``share_items``,
    ``share_events``: the fractions, in [0, 1], of its items with text and of its events on them.
    """
    told = dataset.items[TEXT].astype(str).str.len().to_numpy() > 0
    events = np.bincount(dataset.item, minlength=dataset.n_items)
    rows = []
    for index, domain in enumerate(dataset.domains):
        items = dataset.item_domain == index
        n_items, n_events = int(items.sum()), int(events[items].sum())
        n_told, n_read = int((items & told).sum()), int(events[items & told].sum())
        rows.append((domain, n_items, n_told, n_told / max(1, n_items), n_read / max(1, n_events)))
    return pd.DataFrame(rows, columns=[DOMAIN, N_ITEMS, "with_text", "share_items", "share_events"])


def shared_users(dataset: Dataset) -> pd.DataFrame:
    """A row per pair of domains: ``source`` < ``target`` by name, ``n_users`` (with events in both).

    Sorted by shared users, most first. Empty for a single domain.
    """
    pairs = overlap_table(dataset).rename(columns={DOMAIN_A: SOURCE, DOMAIN_B: TARGET})
    return pairs.sort_values([N_USERS, SOURCE, TARGET], ascending=[False, True, True], ignore_index=True)
