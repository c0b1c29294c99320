import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from recsys_core.errors import OutageError
from recsys_core.parts import Parts
from recsys_core.workspace import engines
from recsys_core.workspace.database import next_number, reading, writing
from recsys_core.workspace.engines import make_engine
from recsys_core.workspace.tables import CounterRow
from recsys_core.workspace.workspace import Workspace
from tests.postgres import PASSWORD, Postgres

COUNTER = """
import sys
from recsys_core.workspace.database import next_number, writing
from recsys_core.workspace.workspace import Workspace
engine = Workspace.open(sys.argv[1]).engine
for _ in range(50):
    with writing(engine) as session:
        print(next_number(session, "runs"))
"""


def test_a_number_is_never_given_twice_whoever_asks(ws: Workspace) -> None:
    command = [sys.executable, "-c", COUNTER, str(ws.root)]
    askers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    given = [int(number) for asker in askers for number in asker.communicate(timeout=60)[0].split()]
    assert [asker.returncode for asker in askers] == [0, 0]
    assert sorted(given) == list(range(1, 101))


def test_a_writer_waits_for_the_one_before_it(ws: Workspace) -> None:
    order = []

    def second() -> None:
        with writing(ws.engine) as session:
            order.append(f"second found {session.get_one(CounterRow, 'runs').last}")

    with writing(ws.engine) as session:
        next_number(session, "runs")
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second found 1"]


def test_what_is_read_is_of_one_moment(ws: Workspace) -> None:
    query = text("SELECT last FROM counters WHERE name = 'runs'")
    with reading(ws.engine) as session:
        assert session.scalar(query) is None
        with writing(ws.engine) as other:
            next_number(other, "runs")
        assert session.scalar(query) is None
    with reading(ws.engine) as session:
        assert session.scalar(query) == 1


def test_a_block_that_fails_leaves_nothing(ws: Workspace) -> None:
    def fail() -> None:
        with writing(ws.engine) as session:
            next_number(session, "runs")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(ws.engine) as session:
        assert session.get(CounterRow, "runs") is None


def test_a_server_that_is_restarted_is_waited_for(postgres: Postgres, tmp_path: Path) -> None:
    with postgres.database() as url:
        ws = Workspace.open(tmp_path, url)
        postgres.stop()
        again = threading.Timer(1.0, postgres.start)
        again.start()
        assert ws.datasets() == []
        again.join()


def test_a_server_that_is_away_is_named_without_the_password(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "RESTART_SECONDS", 0)
    with postgres.database() as url:
        ws = Workspace.open(tmp_path, url)
        name = ws.engine.url.database
        postgres.stop()
        try:
            with pytest.raises(OutageError) as caught:
                ws.datasets()
        finally:
            postgres.start()
        assert f"The database {name} at 127.0.0.1:{postgres.port} did not answer" in str(caught.value)
        assert "See that the server runs" in str(caught.value)
        assert PASSWORD not in str(caught.value)
        assert ws.datasets() == []


def test_a_connection_lost_within_a_block_is_told_and_the_next_one_works(
    postgres: Postgres, tmp_path: Path
) -> None:
    def lose(ws: Workspace) -> None:
        with writing(ws.engine) as session:
            next_number(session, "runs")
            database = ws.engine.url.database
            postgres.execute(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
            )

    with postgres.database() as url:
        ws = Workspace.open(tmp_path, url)
        with pytest.raises(OutageError, match="did not answer: terminating connection"):
            lose(ws)
        with writing(ws.engine) as session:
            assert next_number(session, "runs") == 1


def test_a_password_that_is_wrong_is_not_repeated(postgres: Postgres, tmp_path: Path) -> None:
    engine = make_engine(tmp_path, postgres.url("ready", password="wr0ng-and-secret"))
    with pytest.raises(OutageError) as caught, reading(engine) as session:
        session.connection()
    assert "password authentication failed" in str(caught.value)
    assert "wr0ng" not in str(caught.value)


HOLDER = """
import sqlite3, sys, time
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
held.execute("ROLLBACK")
"""


def held_for(root: Path, seconds: float) -> "subprocess.Popen[str]":
    """Another process that holds the catalogue."""
    command = [sys.executable, "-c", HOLDER, str(root / "catalog.db"), str(seconds)]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


@pytest.mark.one_database  # about the lock of SQLite
def test_a_catalogue_that_another_process_holds_is_waited_for(ws: Workspace) -> None:
    with held_for(ws.root, 1.5):
        assert ws.runs() == []  # reading never waits
        ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
    assert ws.load_result("map", "shop", 1) is not None


@pytest.mark.one_database  # about the lock of SQLite
def test_one_that_is_held_for_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "WAIT_SECONDS", 1)
    ws = Workspace.open(tmp_path / "ws")
    with held_for(ws.root, 60) as holder:
        with pytest.raises(
            OutageError, match=r"has been writing to the catalogue for 1 seconds, so nothing was"
        ):
            ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
        assert Workspace.open(ws.root).datasets() == []  # opening and looking go on
        holder.kill()
    assert ws.load_result("map", "shop", 1) is None
    assert list((ws.root / "results").iterdir()) == []
