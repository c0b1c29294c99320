import gzip
from pathlib import Path

import pytest

from sample_data import DOMAINS, FOLDER, interactions_file, items_file
from sample_data.generate import make_sample, write_sample

COMMITTED = [*map(interactions_file, DOMAINS), *map(items_file, DOMAINS), FOLDER / "truth.json"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    write_sample(make_sample(), folder)
    return folder


def content(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.name)
def test_what_is_committed_is_what_is_made(path: Path, made: Path) -> None:
    assert content(made / path.name) == content(path)


def test_making_it_twice_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    again = write_sample(make_sample(), tmp_path)
    assert [path.read_bytes() for path in again] == [(made / path.name).read_bytes() for path in again]


def test_another_seed_gives_another_sample() -> None:
    assert make_sample("other").events != make_sample().events


def test_the_sample_is_small() -> None:
    assert sum(path.stat().st_size for path in COMMITTED) < 3_000_000
