from pathlib import Path

import pandas as pd
import pytest

from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.filters import filter_effects, keep_frequent
from recsys_core.logs.sources import open_duckdb

EVENTS = [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("c", "x"), ("c", "z"), ("d", "z"), ("a", "x")]


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    path = tmp_path / "clean.parquet"
    log = pd.DataFrame(EVENTS, columns=["user_id", "item_id"]).assign(domain="tea")
    log["timestamp"] = pd.date_range("2024-01-01", periods=len(log), tz="UTC")
    log.to_parquet(path, index=False)
    return path


def kept(clean: Path, rules: EventRules) -> tuple[int, list[tuple[str, str]]]:
    out = clean.with_name("out.parquet")
    with open_duckdb(clean.parent) as connection:
        gone = keep_frequent(connection, clean, rules, out)
    left = pd.read_parquet(out)
    return gone, list(zip(left["user_id"], left["item_id"], strict=True))


def test_users_with_a_short_history_go(clean: Path) -> None:
    gone, left = kept(clean, EventRules(min_history=2))
    assert (gone, left) == (1, [event for event in EVENTS if event[0] != "d"])


def test_a_core_is_reached_in_turns(clean: Path) -> None:
    """d has one event, so z has one, so c has one, so c goes too."""
    gone, left = kept(clean, EventRules(core=2))
    assert (gone, left) == (3, [("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"), ("a", "x")])


def test_effects_are_told_before_anything_is_applied(clean: Path) -> None:
    with open_duckdb(clean.parent) as connection:
        effects = filter_effects(connection, clean)
    rows = {tuple(row[:2]): tuple(row[2:]) for row in effects.itertuples(index=False, name=None)}
    assert rows["history", 1] == (4, 3, 8)
    assert rows["history", 2] == (3, 3, 7)
    assert rows["k-core", 2] == (2, 2, 5)
    assert rows["k-core", 3] == (0, 0, 0)
