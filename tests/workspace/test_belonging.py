from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.workspace.workspace import Workspace
from tests.postgres import Postgres


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    with postgres.database() as url:
        yield url


def test_a_folder_and_its_catalogue_find_each_other_again(
    tmp_path: Path, url: str, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    info = Workspace.open(tmp_path, url).save_dataset("shop", log, items, {})
    assert Workspace.open(tmp_path, url).datasets() == [info]
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    assert Workspace.open(moved, url).dataset("shop").folder.is_dir()


def test_an_empty_catalogue_takes_nothing_from_a_folder(
    tmp_path: Path, url: str, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    info = Workspace.open(tmp_path).save_dataset("shop", log, items, {})
    with pytest.raises(InputError, match=r"is empty, but the workspace .* unset DRIFTMAP_DATABASE_URL"):
        Workspace.open(tmp_path, url)
    assert Workspace.open(tmp_path).datasets() == [info]
    assert info.folder.is_dir()


def test_a_folder_whose_catalogue_is_elsewhere_begins_none_of_its_own(
    tmp_path: Path, url: str, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    info = Workspace.open(tmp_path, url).save_dataset("shop", log, items, {})
    with pytest.raises(InputError, match="Set DRIFTMAP_DATABASE_URL to that database"):
        Workspace.open(tmp_path)
    assert list(tmp_path.glob("*.db")) == []
    assert Workspace.open(tmp_path, url).datasets() == [info]


def test_the_catalogue_of_another_folder_takes_nothing(
    tmp_path: Path, url: str, log: pd.DataFrame, items: pd.DataFrame
) -> None:
    Workspace.open(tmp_path / "one", url)
    info = Workspace.open(tmp_path / "two").save_dataset("shop", log, items, {})
    for folder in ("two", "new"):
        with pytest.raises(InputError, match="has the catalogue of another workspace than"):
            Workspace.open(tmp_path / folder, url)
    assert info.folder.is_dir()
