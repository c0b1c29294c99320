import sys
from collections.abc import Iterator

import pytest

from tests.postgres import Postgres, find_programs
from tests.s3 import S3
from tests.sftp import Sftp


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """A page under test takes the place of ``__main__``, which new processes would then run."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests of this process; it is started for the first that asks for it."""
    with Postgres(find_programs()).running() as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """One S3 server for all tests of this process; it is started for the first that asks for it."""
    with S3().running() as server:
        yield server


@pytest.fixture
def sftp(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sftp]:
    """An empty SFTP server; fsspec knows how to get in."""
    from fsspec.config import conf  # which reads the environment once

    with Sftp().running() as server:
        known = {
            name.removeprefix("FSSPEC_SFTP_").lower(): value for name, value in server.environment.items()
        }
        monkeypatch.setitem(conf, "sftp", known)
        yield server


@pytest.fixture
def bucket(s3: S3, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of an empty prefix of that server; settings name it, and the environment lets us in."""
    for name, value in {**s3.environment, "DRIFTMAP_STORAGE_URL": (url := s3.new_prefix())}.items():
        monkeypatch.setenv(name, value)
    return url


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    chosen = any("database" in marker.args for marker in metafunc.definition.iter_markers("parametrize"))
    if "database" in metafunc.fixturenames and not chosen:
        one = "postgres" in metafunc.fixturenames or metafunc.definition.get_closest_marker("one_database")
        metafunc.parametrize("database", ["sqlite"] if one else ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """The test runs twice: with the catalogue in the workspace, and with a database of its own on a server;
    once with the former where it is marked ``one_database`` or makes databases on ``postgres`` by itself. Its
    URL, None for the one in the workspace.
    """
    if request.param == "sqlite":
        yield None
        return
    # A monkeypatch of its own: a test may undo the one it shares with other fixtures.
    with request.getfixturevalue("postgres").database() as url, pytest.MonkeyPatch.context() as environment:
        environment.setenv("DRIFTMAP_DATABASE_URL", url)
        yield url
