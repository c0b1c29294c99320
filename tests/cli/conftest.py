import pytest

from recsys_core.cli.program import run
from tests.jobs.conftest import ws  # noqa: F401 - the fixture of the jobs' tests


@pytest.fixture
def driftmap(capsys, tmp_path, monkeypatch):
    """Run a command in this process: exit code, stdout, stderr."""
    monkeypatch.setenv("DRIFTMAP_WORKSPACE", str(tmp_path / "ws"))
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        code = run([str(argument) for argument in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return command
