"""Made-up logs of any size, streamed to disk by DuckDB: popular items, busy users, tastes, years."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
from numpy.lib.format import open_memmap

THEMES, DIM = 40, 384
DOMAINS = ("books", "films")
_BATCH = 50_000


@dataclass(frozen=True)
class Size:
    """A log of ``events`` about a hundredth as many items by a tenth as many users."""

    events: int

    @property
    def items(self) -> int:
        """I."""
        return self.events // 100

    @property
    def users(self) -> int:
        """U."""
        return self.events // 10


def write_log(size: Size, csv: Path) -> None:
    """A CSV of events. Items and users follow power laws (density rank^-0.6 and rank^-0.5); three in five
    events are in the user's own theme, which changes after half of the user's 400 days; users begin within
    four years.
    """
    drawn = ", ".join(f"hash(n * 31 + {k}) / 18446744073709551616.0 AS u{k}" for k in range(5))
    rows = f"""
        WITH drawn AS (SELECT n, {drawn} FROM range({size.events}) AS t(n)),
        chosen AS (SELECT *, CAST(floor({size.users} * u0 * u0) AS BIGINT) AS person,
            CAST(floor({size.items} * pow(u1, 2.5)) AS BIGINT) AS liked FROM drawn),
        placed AS (SELECT *, CASE WHEN u2 < 0.6 THEN
            liked - liked % {THEMES} + (hash(person) + CAST(floor(2 * u3) AS BIGINT) * 7) % {THEMES}
            ELSE liked END AS taken FROM chosen)
        SELECT printf('user-%08d', person) AS user_id,
            printf('B%08d', least(taken, {size.items - 1})) AS item_id,
            {_domain(f"least(taken, {size.items - 1})")} AS domain,
            CAST(1500000000 + hash(person * 3 + 1) % 126144000 + floor(u3 * 34560000) AS BIGINT) AS timestamp,
            CASE WHEN u4 < 0.2 THEN 'purchase' ELSE 'view' END AS event
        FROM placed"""
    _copy(rows, csv)


def write_items(size: Size, csv: Path) -> None:
    """A CSV of the items with titles of four words, three of them of the item's theme."""
    words = " || ' ' || ".join(
        f"'theme' || (i % {THEMES}) || chr(CAST(97 + hash(i + {k}) % 20 AS INTEGER))" for k in range(3)
    )
    rows = f"""SELECT printf('B%08d', i) AS item_id, {_domain("i")} AS domain,
        {words} || ' no' || (i // {THEMES}) AS title FROM range({size.items}) AS t(i)"""
    _copy(rows, csv)


def write_vectors(size: Size, path: Path) -> None:
    """(I, 384) float32 unit vectors around the middles of the themes, items in the order of a ``Dataset``."""
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(THEMES, DIM)).astype(np.float32)
    numbers = np.arange(size.items)
    first = (numbers // THEMES) % 2 == 0
    numbers = np.concatenate([numbers[first], numbers[~first]])  # by (domain, item_id)
    vectors = open_memmap(path, "w+", np.float32, (size.items, DIM))
    for at in range(0, size.items, _BATCH):
        some = numbers[at : at + _BATCH]
        block = middles[some % THEMES] + 1.2 * rng.standard_normal((len(some), DIM), np.float32)
        vectors[at : at + _BATCH] = block / np.linalg.norm(block, axis=1, keepdims=True)
    vectors.flush()


def _domain(item: str) -> str:
    return f"CASE WHEN ({item} // {THEMES}) % 2 = 0 THEN '{DOMAINS[0]}' ELSE '{DOMAINS[1]}' END"


def _copy(rows: str, csv: Path) -> None:
    with duckdb.connect(config={"memory_limit": "1GB", "temp_directory": str(csv.parent)}) as connection:
        connection.execute(f"COPY ({rows}) TO '{csv}' (HEADER)")
