"""What an import is asked for and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recsys_core.logs.formats import LogFormat
from recsys_core.workspace.records import DatasetInfo

MAX_BAD = 0.05


@dataclass(frozen=True)
class ImportRequest:
    """Which files become the next version of which dataset.

    ``domain``: of all rows, else the log's domain column says it, else the name of each file. ``roles`` and
    ``items_roles``: role → column, where the guess is wrong. ``append``: add to a domain that is there
    instead of replacing it. ``max_bad``: fraction of bad rows, in [0, 1], above which nothing is saved.
    """

    dataset: str
    files: tuple[Path, ...]
    domain: str | None = None
    items: tuple[Path, ...] = ()
    roles: Mapping[str, str] | None = None
    items_roles: Mapping[str, str] | None = None
    format: LogFormat | str = LogFormat.AUTO
    append: bool = False
    pseudonymise: bool = False
    max_bad: float = MAX_BAD


@dataclass(frozen=True)
class ImportReport:
    """``info``: the new version. ``n_read = n_kept + n_bad + n_duplicates``. ``reasons``: bad rows by reason.
    ``quarantine``: Parquet of the bad rows, None where there are none. ``overlap``: users shared by each pair
    of domains (``domain_a, domain_b, n_users``). ``notes``: what else is worth knowing, in sentences.
    """

    info: DatasetInfo
    n_read: int
    n_kept: int
    n_bad: int
    n_duplicates: int
    reasons: Mapping[str, int]
    quarantine: Path | None
    overlap: pd.DataFrame
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ImportPreview:
    """What an import would do. ``first``: up to 20 clean rows; ``bad``: up to 100 bad ones (``file, line,
    column, value, reason``); ``domains``: per domain of these files ``n_events, n_users, n_items, first,
    last``; ``problem``: why the import would be refused, "" where it would not.
    """

    first: pd.DataFrame
    bad: pd.DataFrame
    n_read: int
    n_kept: int
    n_bad: int
    n_duplicates: int
    reasons: Mapping[str, int]
    domains: pd.DataFrame
    overlap: pd.DataFrame
    notes: tuple[str, ...]
    problem: str
