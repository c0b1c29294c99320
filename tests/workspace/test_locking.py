import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import Timeout

from recsys_core.workspace.locking import held
from recsys_core.workspace.workspace import Workspace
from tests.postgres import Postgres

HOLDER = """
import sys
from pathlib import Path
from recsys_core.workspace.engines import make_engine
from recsys_core.workspace.locking import held
with held(make_engine(Path("."), sys.argv[1]), Path(sys.argv[2]) / "name.lock", 0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url


def test_one_process_holds_it_and_may_nest(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "name.lock"
    with ExitStack() as holding:
        for _ in range(2):
            holding.enter_context(held(ws.engine, file, 0, nested=True))
        with pytest.raises(Timeout), held(ws.engine, file, 0):
            pass
    with held(ws.engine, file, 0):
        pass


def test_no_machine_has_it_while_another_does(url: str, tmp_path: Path) -> None:
    """Folders of their own: what keeps them apart is the server, until the holder is killed."""
    (tmp_path / "there").mkdir()
    command = [sys.executable, "-c", HOLDER, url, str(tmp_path / "there")]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    engine = Workspace.open(tmp_path / "here", url).engine
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Timeout), held(engine, tmp_path / "name.lock", 0.2):
            pass
        with held(engine, tmp_path / "other.lock", 0):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with held(engine, tmp_path / "name.lock", 10):
        pass
