import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from recsys_core.cli.program import run
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.workspace.workspace import Workspace
from sample_data import interactions_file
from tests.jobs.waiting import until
from tests.postgres import PASSWORD as OF_SERVER
from tests.postgres import Postgres
from tests.workspace.test_permissions import open_to_others

PASSWORD, TOKEN = "hunter2-of-the-database", "hf_of_the_hub"


def driftmap(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "recsys_core.cli", *map(str, arguments)]
    environment = {**os.environ, "HF_TOKEN": TOKEN, **environment}
    return subprocess.run(command, check=False, env=environment, capture_output=True, text=True, umask=0o022)


def test_a_workspace_that_a_command_made_is_its_owners_only_and_holds_no_secret(tmp_path: Path) -> None:
    root = tmp_path / "ws"
    url = f"sqlite:///{tmp_path}/catalog.db?password={PASSWORD}"
    log = interactions_file("books")
    told = [
        driftmap(
            "import", log, "--dataset", "d", "--pseudonymise", "--workspace", root, DRIFTMAP_DATABASE_URL=url
        ),
        driftmap("doctor", "--workspace", root, DRIFTMAP_DATABASE_URL=url),
        driftmap("finetune", "--dataset", "none", "--workspace", root, DRIFTMAP_DATABASE_URL=url),
    ]

    assert [one.returncode for one in told[:2]] == [0, 0]
    assert open_to_others(root) == []
    key = (root / "pseudonym.key").read_bytes()
    held = [path for path in root.rglob("*") if path.is_file() and path.name != "pseudonym.key"]
    written = [path.read_bytes() for path in [*held, tmp_path / "catalog.db"]]
    said = "".join(one.stdout + one.stderr for one in told)
    for secret in (PASSWORD.encode(), TOKEN.encode(), key, key.hex().encode()):
        assert not any(secret in content for content in written)
        assert secret.decode(errors="replace") not in said


UNUSABLE = (
    f"postgresql://ann:{PASSWORD}@localhost:1/driftmap",
    f"postgresql+nodriver://ann:{PASSWORD}@localhost/driftmap",
    f"postgresql://ann:{PASSWORD}/x@localhost/driftmap",
    f"{PASSWORD}",
)


@pytest.mark.parametrize("url", UNUSABLE)
def test_a_url_of_a_database_that_cannot_be_used_is_told_without_its_password(
    tmp_path: Path, url: str
) -> None:
    log = interactions_file("books")
    told = driftmap(
        "import", log, "--dataset", "d", "--workspace", tmp_path / "ws", DRIFTMAP_DATABASE_URL=url
    )

    assert told.returncode in (1, 2)
    assert "DRIFTMAP_DATABASE_URL" in told.stderr
    assert PASSWORD not in told.stdout + told.stderr
    assert not list(tmp_path.rglob("*crash*"))


def test_so_does_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In this process, which has loaded the encoder for others, too."""
    monkeypatch.setenv("DRIFTMAP_DATABASE_URL", UNUSABLE[0])
    assert run(["doctor", "--workspace", str(tmp_path / "ws")]) == 1

    told = capsys.readouterr()
    assert "FAIL  database: " in told.out
    assert PASSWORD not in told.out + told.err


def test_the_processes_of_a_job_are_not_told_the_password_where_everybody_can_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Postgres
) -> None:
    with postgres.database() as url:
        monkeypatch.setenv("DRIFTMAP_DATABASE_URL", url)
        _job_tells_no_password(tmp_path, monkeypatch)


def _job_tells_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    other = Workspace.open(tmp_path / "other")
    job = submit_local(other, "import", {"dataset": "d", "logs": [str(tmp_path / "none.csv")]})
    seen = [" ".join(process.cmdline()) for process in psutil.Process().children(recursive=True)]
    ended = until(Ledger(other), job.id, Status.FAILED)

    assert any("recsys_core.jobs.worker" in command for command in seen)
    assert not any(OF_SERVER in command or TOKEN in command for command in seen)
    log = (tmp_path / "other" / "jobs" / f"{job.id}.log").read_text()
    assert OF_SERVER not in log + ended.error + ended.remedy
