from pathlib import Path

import pytest

from recsys_core.errors import InputError
from recsys_core.workspace.engines import described, make_engine
from recsys_core.workspace.opening import open_engine

pytestmark = pytest.mark.one_database  # each test says which database; no server is asked


def test_without_a_url_the_catalogue_is_in_the_workspace(tmp_path: Path) -> None:
    assert described(make_engine(tmp_path, None).url) == str(tmp_path / "catalog.db")


def test_a_file_is_found_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert make_engine(tmp_path / "ws", "sqlite:///here.db").url.database == str(tmp_path / "here.db")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://ann:secret@db.house:5433/shop", "shop at db.house:5433"),
        ("postgres://ann:secret@db.house/shop", "shop at db.house"),
        ("postgresql+psycopg2://ann:secret@db.house/shop", "shop at db.house"),
        ("postgresql:///shop?host=/run/postgresql", "shop at /run/postgresql"),
        ("postgresql:///shop", "shop at this machine"),
    ],
)
def test_a_server_is_named_without_user_and_password(tmp_path: Path, url: str, said: str) -> None:
    engine = make_engine(tmp_path, url)
    assert (engine.url.drivername, described(engine.url)) == ("postgresql+psycopg", said)


@pytest.mark.parametrize(
    "url",
    [
        "secret",
        "postgresql://ann:secret/shop",
        "postgresql://ann:se@cret@db/shop",
        "mysql://ann:secret@db/shop",
    ],
)
def test_a_url_that_is_none_is_refused_without_repeating_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match=r"postgresql://user:password@host:5432/database") as caught:
        make_engine(tmp_path, url)
    assert "cret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "locks").mkdir()
    with open_engine(tmp_path, None).connect() as connection:
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
