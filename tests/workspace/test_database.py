import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Dialect, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateColumn

from recsys_core.errors import BusyError, InputError
from recsys_core.parts import Parts
from recsys_core.workspace import database
from recsys_core.workspace.database import open_engine, reading
from recsys_core.workspace.tables import Base, CounterRow
from recsys_core.workspace.workspace import Workspace

SCHEMA_1 = """
CREATE TABLE counters (name VARCHAR(128) NOT NULL, last INTEGER NOT NULL, PRIMARY KEY (name));
CREATE TABLE datasets (id INTEGER NOT NULL, name VARCHAR(64) NOT NULL, version INTEGER NOT NULL,
    created DATETIME NOT NULL, n_users INTEGER NOT NULL, n_items INTEGER NOT NULL,
    n_events INTEGER NOT NULL, domains JSON NOT NULL, first DATETIME NOT NULL, last DATETIME NOT NULL,
    hash VARCHAR(64) NOT NULL, folder VARCHAR NOT NULL, manifest JSON NOT NULL, PRIMARY KEY (id),
    UNIQUE (name, version));
CREATE TABLE runs (id VARCHAR(32) NOT NULL, number INTEGER NOT NULL, name VARCHAR(128) NOT NULL,
    dataset VARCHAR(64) NOT NULL, version INTEGER NOT NULL, status VARCHAR(16) NOT NULL,
    created DATETIME NOT NULL, finished DATETIME, options JSON NOT NULL, metrics JSON NOT NULL,
    chosen BOOLEAN NOT NULL, PRIMARY KEY (id), UNIQUE (number));
CREATE INDEX runs_by_dataset ON runs (dataset, version);
CREATE TABLE results (id INTEGER NOT NULL, kind VARCHAR(64) NOT NULL, dataset VARCHAR(64) NOT NULL,
    version INTEGER NOT NULL, run_id VARCHAR(32), "key" VARCHAR(128) NOT NULL, created DATETIME NOT NULL,
    folder VARCHAR NOT NULL, PRIMARY KEY (id));
CREATE INDEX results_by_dataset ON results (dataset, version, kind);
INSERT INTO counters VALUES ('schema', 1), ('runs', 1);
INSERT INTO runs VALUES ('run-1', 1, 'spring', 'shop', 1, 'finished', '2024-01-01 00:00:00.000000',
    '2024-01-02 00:00:00.000000', '{"seed": 0}', '{"ndcg": 0.5}', 1);
INSERT INTO results VALUES (1, 'interests', 'shop', 1, 'run-1', '', '2024-01-03 00:00:00.000000',
    'results/interests-1');
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A workspace as the first Driftmap left it."""
    root = tmp_path / "old"
    (root / "locks").mkdir(parents=True)
    for folder in ("runs/run-1", "results/interests-1"):
        (root / folder).mkdir(parents=True)
    with sqlite3.connect(root / "catalog.db") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA_1)
    connection.close()
    return root


def test_a_catalogue_of_schema_1_is_upgraded(old: Path) -> None:
    ws = Workspace.open(old)
    [run] = ws.runs()
    result = ws.result_info("interests", "shop", 1)
    assert result is not None
    assert (run.name, run.in_use, run.metrics, run.stale) == ("spring", True, {"ndcg": 0.5}, False)
    assert (result.run_id, result.stale) == ("run-1", False)
    with reading(ws.engine) as session:
        assert session.get_one(CounterRow, "schema").last == 2


def test_an_upgraded_catalogue_is_like_a_new_one(old: Path, tmp_path: Path) -> None:
    upgraded, new = (Workspace.open(root).engine for root in (old, tmp_path / "new"))
    for table in Base.metadata.tables:
        names = [
            {(c["name"], str(c["type"]), c["nullable"]) for c in inspect(engine).get_columns(table)}
            for engine in (upgraded, new)
        ]
        assert names[0] == names[1]


def test_an_upgrade_that_was_begun_is_finished(old: Path) -> None:
    with sqlite3.connect(old / "catalog.db") as connection:
        connection.execute("ALTER TABLE runs ADD COLUMN stale BOOLEAN DEFAULT 0 NOT NULL")
    connection.close()
    assert [run.stale for run in Workspace.open(old).runs()] == [False]


def test_processes_that_upgrade_together(old: Path) -> None:
    code = "import sys; from recsys_core.workspace.workspace import Workspace; Workspace.open(sys.argv[1])"
    openers = [subprocess.Popen([sys.executable, "-c", code, str(old)]) for _ in range(3)]
    assert [opener.wait(60) for opener in openers] == [0, 0, 0]
    assert [run.id for run in Workspace.open(old).runs()] == ["run-1"]


@pytest.mark.parametrize(
    ("dialect", "written"),
    [
        (sqlite.dialect(), "stale BOOLEAN DEFAULT 0 NOT NULL"),
        (postgresql.dialect(), "stale BOOLEAN DEFAULT false NOT NULL"),
    ],
)
def test_the_new_column_has_a_default_in_every_dialect(dialect: Dialect, written: str) -> None:
    column = Base.metadata.tables["runs"].c["stale"]
    assert str(CreateColumn(column).compile(dialect=dialect)) == written


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    with open_engine(tmp_path, None).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


def test_a_stale_run_or_result_is_never_in_use(old: Path) -> None:
    with sqlite3.connect(old / "catalog.db") as connection:
        for table in ("runs", "results"):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN stale BOOLEAN DEFAULT 1 NOT NULL")
    connection.close()
    ws = Workspace.open(old)
    assert [(run.stale, run.in_use) for run in ws.runs()] == [(True, False)]
    assert ws.run_in_use("shop", 1) is None
    assert ws.load_result("interests", "shop", 1) is None
    with pytest.raises(InputError, match=r"spring is stale: a person was removed .* Fine-tune again"):
        ws.choose_run("run-1")


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


def test_a_catalogue_that_another_process_holds_is_waited_for(ws: Workspace) -> None:
    with held_for(ws.root, 1.5):
        assert ws.runs() == []  # reading never waits
        ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
    assert ws.load_result("map", "shop", 1) is not None


def test_one_that_is_held_for_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 1)
    ws = Workspace.open(tmp_path / "ws")
    with held_for(ws.root, 60) as holder:
        with pytest.raises(
            BusyError, match=r"has been writing to the catalogue for 1 seconds, so nothing was"
        ):
            ws.save_result("map", "shop", 1, None, Parts({"n": 1}))
        assert Workspace.open(ws.root).datasets() == []  # opening and looking go on
        holder.kill()
    assert ws.load_result("map", "shop", 1) is None
    assert list((ws.root / "results").iterdir()) == []
