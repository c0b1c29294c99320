import sqlite3
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.types import TypeEngine

from recsys_core.access import OWNER
from recsys_core.errors import InputError
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.feedback import FEEDBACK
from recsys_core.workspace.schema import KNOWN, MIGRATIONS, NEWEST
from recsys_core.workspace.tables import Base
from recsys_core.workspace.tokens import TOKENS
from recsys_core.workspace.workspace import Workspace
from tests.postgres import Postgres

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
SCHEMA_2 = """
ALTER TABLE runs ADD COLUMN stale BOOLEAN DEFAULT 0 NOT NULL;
ALTER TABLE results ADD COLUMN stale BOOLEAN DEFAULT 0 NOT NULL;
UPDATE counters SET last = 2 WHERE name = 'schema';
CREATE TABLE jobs (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, kind VARCHAR(40) NOT NULL,
    title TEXT NOT NULL, params JSON NOT NULL, dataset VARCHAR(200) NOT NULL, status VARCHAR(20) NOT NULL,
    created FLOAT NOT NULL, queued FLOAT NOT NULL, started FLOAT, finished FLOAT, pid INTEGER,
    pid_started FLOAT, host VARCHAR(200) NOT NULL, heartbeat FLOAT, stage TEXT NOT NULL, done FLOAT NOT NULL,
    total FLOAT NOT NULL, message TEXT NOT NULL, error TEXT NOT NULL, remedy TEXT NOT NULL,
    result JSON NOT NULL, device VARCHAR(40) NOT NULL, waits_for INTEGER);
INSERT INTO jobs VALUES (7, 'finetune', 'Fine-tune', '{"dataset": "shop"}', 'shop', 'finished', 1.0, 1.0, 2.0,
    3.0, 5, 1.0, 'here', 3.0, 'Done', 1.0, 1.0, '', '', '', '{"run": "run-1"}', 'cpu', NULL);
"""
OPEN = "import sys; from recsys_core.workspace.workspace import Workspace; Workspace.open(sys.argv[1])"
before_alembic = pytest.mark.one_database  # when there was SQLite alone


@pytest.fixture(params=[1, 2])
def old(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A workspace as Driftmap left it before Alembic, with schema 1 or 2."""
    root = tmp_path / "old"
    for folder in ("locks", "runs/run-1", "results/interests-1"):
        (root / folder).mkdir(parents=True)
    with sqlite3.connect(root / "catalog.db") as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(SCHEMA_1 + (SCHEMA_2 if request.param == 2 else ""))
    connection.close()
    return root


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def differs(context: MigrationContext, _found: Any, _described: Any, *types: TypeEngine[Any]) -> bool:
    """Whether two types are not written alike; ``Float(53)`` is ``DOUBLE PRECISION`` to PostgreSQL."""
    found, described = (
        str(one.compile(context.dialect)).replace("FLOAT(53)", "DOUBLE PRECISION") for one in types
    )
    return found != described


def open_together(root: Path) -> list[int]:
    openers = [subprocess.Popen([sys.executable, "-c", OPEN, str(root)]) for _ in range(3)]
    return [opener.wait(60) for opener in openers]


@before_alembic
def test_an_old_catalogue_is_upgraded(old: Path) -> None:
    ws = Workspace.open(old)
    [run] = ws.runs()
    result = ws.result_info("interests", "shop", 1)
    assert result is not None
    assert (run.name, run.in_use, run.metrics, run.stale) == ("spring", True, {"ndcg": 0.5}, False)
    assert (result.run_id, result.stale) == ("run-1", False)
    assert rows(old / "catalog.db", "SELECT version_num FROM alembic_version") == [(NEWEST,)]


@before_alembic
def test_an_older_driftmap_sees_that_it_is_a_newer_ones(old: Path) -> None:
    Workspace.open(old)
    assert rows(old / "catalog.db", "SELECT last FROM counters WHERE name = 'schema'") == [(3,)]


@before_alembic
def test_it_is_copied_aside_before(old: Path) -> None:
    before = rows(old / "catalog.db", "SELECT * FROM runs")
    Workspace.open(old)
    Workspace.open(old)
    [copy] = old.glob("catalog-before-*.db")
    assert copy.name == f"catalog-before-{NEWEST}.db"
    assert rows(copy, "SELECT * FROM runs") == before
    assert rows(copy, "SELECT name FROM sqlite_master WHERE name = 'alembic_version'") == []


@before_alembic
def test_its_jobs_stay_and_go_on_counting(old: Path) -> None:
    ledger = Ledger(Workspace.open(old))
    there = [job.id for job in ledger.jobs()]
    assert [job.submitter for job in ledger.jobs()] == [OWNER] * len(there)
    assert ledger.submit("count", {}, "Count").id == (8 if there else 1)


@before_alembic
def test_an_upgraded_catalogue_is_like_a_new_one(old: Path, tmp_path: Path) -> None:
    upgraded, new = (inspect(Workspace.open(root).engine) for root in (old, tmp_path / "new"))
    assert sorted(upgraded.get_table_names()) == sorted(new.get_table_names())
    for table in Base.metadata.tables:
        columns = [
            {(column["name"], str(column["type"]), column["nullable"]) for column in one.get_columns(table)}
            for one in (upgraded, new)
        ]
        assert columns[0] == columns[1]


@before_alembic
def test_processes_that_upgrade_together(old: Path) -> None:
    assert open_together(old) == [0, 0, 0]
    assert [run.id for run in Workspace.open(old).runs()] == ["run-1"]


@before_alembic
def test_an_upgrade_that_fails_changes_nothing(old: Path) -> None:
    tables = rows(old / "catalog.db", "SELECT name, sql FROM sqlite_master ORDER BY name")
    with sqlite3.connect(old / "catalog.db") as connection:
        connection.execute("CREATE TABLE folders (of_someone_else TEXT)")
    connection.close()
    with pytest.raises(InputError, match="table folders already exists"):
        Workspace.open(old)
    with sqlite3.connect(old / "catalog.db") as connection:
        connection.execute("DROP TABLE folders")
    connection.close()
    assert rows(old / "catalog.db", "SELECT name, sql FROM sqlite_master ORDER BY name") == tables
    assert [run.id for run in Workspace.open(old).runs()] == ["run-1"]


@before_alembic
def test_a_stale_run_or_result_is_never_in_use(old: Path) -> None:
    ws = Workspace.open(old)
    with writing(ws.engine) as session:
        for table in ("runs", "results"):
            session.execute(text(f"UPDATE {table} SET stale = true"))
    assert [(run.stale, run.in_use) for run in ws.runs()] == [(True, False)]
    assert ws.run_in_use("shop", 1) is None
    assert ws.load_result("interests", "shop", 1) is None
    with pytest.raises(InputError, match=r"spring is stale: a person was removed .* Fine-tune again"):
        ws.choose_run("run-1")


def test_the_steps_make_the_tables_that_the_code_describes(ws: Workspace) -> None:
    assert {"jobs", "job_events", FEEDBACK.name, TOKENS.name} < set(Base.metadata.tables)
    with reading(ws.engine) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": differs})
        assert compare_metadata(context, Base.metadata) == []


def test_a_table_that_the_steps_do_not_make_is_found(ws: Workspace) -> None:
    with writing(ws.engine) as session:
        session.execute(text("ALTER TABLE results DROP COLUMN stale"))
    with reading(ws.engine) as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": differs})
        [(what, _, table, column)] = compare_metadata(context, Base.metadata)
    assert (what, table, column.name) == ("add_column", "results", "stale")


@pytest.mark.one_database  # opens no catalogue
def test_each_step_follows_the_one_numbered_before_it() -> None:
    names = sorted(path.stem for path in MIGRATIONS.glob("versions/v[0-9]*.py"))
    steps = [import_module(f"recsys_core.workspace.migrations.versions.{name}") for name in names]
    assert [step.revision for step in steps] == list(KNOWN)
    assert [step.down_revision for step in steps] == [None, *KNOWN[:-1]]


def test_a_new_workspace_has_no_copy(ws: Workspace) -> None:
    assert list(ws.root.glob("*before*")) == []


def test_processes_that_open_a_new_workspace_together(tmp_path: Path) -> None:
    assert open_together(tmp_path / "new") == [0, 0, 0]
    assert Workspace.open(tmp_path / "new").datasets() == []


def test_processes_that_open_an_empty_database_together(
    tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.database_without_tables() as url:
        monkeypatch.setenv("DRIFTMAP_DATABASE_URL", url)
        assert open_together(tmp_path / "new") == [0, 0, 0]
        assert Workspace.open(tmp_path / "new").datasets() == []


def test_opening_what_is_up_to_date_loads_no_alembic(ws: Workspace) -> None:
    code = f"{OPEN}; print('alembic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(ws.root)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
