import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from recsys_core.logs import tally
from recsys_core.logs.tally import HASHES, Tally, TallyCounter, hash_ids, tally_of


def counted(rows: pd.DataFrame, pieces: int = 1) -> Tally:
    counter = TallyCounter()
    for piece in np.array_split(np.arange(len(rows)), pieces):
        part = rows.iloc[piece]
        columns = {name: pa.array(part[name], pa.string()) for name in ("user_id", "item_id")}
        hashes = {HASHES[name]: pa.array(hash_ids(ids)) for name, ids in columns.items()}
        domain = pa.array(part["domain"], pa.string()).dictionary_encode()
        times = pa.array(part["timestamp"])
        counter.add(pa.table({**columns, **hashes, "domain": domain, "timestamp": times}))
    return counter.result()


@pytest.fixture
def log() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame(
        {
            "user_id": [f"u{n}" for n in rng.integers(0, 300, 2000)],
            "item_id": [f"B{n}" for n in rng.integers(0, 90, 2000)],
            "domain": rng.choice(["books", "films"], 2000),
            "timestamp": pd.to_datetime(rng.integers(1e15, 1.7e15, 2000), unit="us", utc=True),
        }
    )


@pytest.mark.parametrize("pieces", [1, 7])
def test_users_items_and_times_of_each_domain(log: pd.DataFrame, pieces: int) -> None:
    found = counted(log, pieces)
    assert list(found.domains) == ["books", "films"]
    for name, one in found.domains.items():
        of_domain = log[log["domain"] == name]
        assert one.n_events == len(of_domain)
        assert len(one.users) == of_domain["user_id"].nunique()
        assert len(one.items) == of_domain["item_id"].nunique()
        assert pd.Timestamp(one.first, unit="us", tz="UTC") == of_domain["timestamp"].min()
        assert pd.Timestamp(one.last, unit="us", tz="UTC") == of_domain["timestamp"].max()


def test_a_stored_log_gives_the_same(log: pd.DataFrame) -> None:
    streamed = counted(log, 3)
    with duckdb.connect() as connection:
        connection.register("log", log)
        stored = tally_of(connection, "log")
    for name, one in streamed.domains.items():
        np.testing.assert_array_equal(one.users, stored.domains[name].users)
        np.testing.assert_array_equal(one.items, stored.domains[name].items)
        assert (one.n_events, one.first, one.last) == (
            stored.domains[name].n_events,
            stored.domains[name].first,
            stored.domains[name].last,
        )


def test_ids_of_one_case_are_not_looked_at_again(log: pd.DataFrame) -> None:
    assert counted(log).mixed == frozenset()
    assert counted(log.assign(user_id="U" + log["user_id"])).mixed == {"user_id"}
    assert counted(log.assign(item_id="é" + log["item_id"])).mixed == {"item_id"}


def test_the_sample_holds_all_ids_where_they_are_few(log: pd.DataFrame) -> None:
    assert sorted(counted(log, 5).sample["user_id"].to_pylist()) == sorted(log["user_id"].unique())


def test_the_sample_of_many_does_not_depend_on_the_batches(
    log: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tally, "SAMPLED", 50)
    samples = [counted(log, pieces).sample["user_id"].to_pylist() for pieces in (1, 9)]
    assert samples[0] == samples[1]
    assert len(set(samples[0])) == 50
