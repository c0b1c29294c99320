from pathlib import Path

import pytest

from recsys_core.errors import InputError
from recsys_core.settings import read_settings


def test_there_is_no_import_folder_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFTMAP_IMPORT_FOLDER", raising=False)
    assert read_settings().import_folder is None

    monkeypatch.setenv("DRIFTMAP_IMPORT_FOLDER", "/data/logs")
    assert read_settings().import_folder == Path("/data/logs")


def test_a_limit_that_is_no_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_MAX_UPLOAD_MB", "lots")

    with pytest.raises(InputError, match="DRIFTMAP_MAX_UPLOAD_MB is 'lots'"):
        read_settings()


def test_how_many_processes_train_is_left_to_the_gpus_unless_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("DRIFTMAP_PROCESSES", raising=False)
    assert read_settings().processes is None

    monkeypatch.setenv("DRIFTMAP_PROCESSES", "2")
    assert read_settings().processes == 2

    monkeypatch.setenv("DRIFTMAP_PROCESSES", "0")
    with pytest.raises(InputError, match=r"not a whole number above 0. Set it to e.g. 2\."):
        read_settings()


def test_how_often_a_program_may_ask_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFTMAP_API_PER_MINUTE", raising=False)
    assert read_settings().api_per_minute == 120

    monkeypatch.setenv("DRIFTMAP_API_PER_MINUTE", "6000")
    assert read_settings().api_per_minute == 6000


def test_a_cluster_is_named_by_the_address_of_its_dashboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFTMAP_RAY_ADDRESS", raising=False)
    assert (read_settings().ray_address, read_settings().ray_away) == (None, "wait")

    monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", "http://head:8265/")
    monkeypatch.setenv("DRIFTMAP_RAY_GPUS", "0")
    assert (read_settings().ray_address, read_settings().ray_gpus) == ("http://head:8265", 0)

    monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", "head:6379")
    with pytest.raises(InputError, match="'head:6379', not the address of a Ray dashboard"):
        read_settings()


def test_how_much_epsilon_may_be_spent_is_a_number_above_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFTMAP_EPSILON_CAP", raising=False)
    assert read_settings().epsilon_cap == 4

    monkeypatch.setenv("DRIFTMAP_EPSILON_CAP", "0.75")
    assert read_settings().epsilon_cap == 0.75

    for wrong in ("0", "-1", "nan", "much"):
        monkeypatch.setenv("DRIFTMAP_EPSILON_CAP", wrong)
        with pytest.raises(InputError, match="not a number above 0"):
            read_settings()


def test_a_store_is_named_by_its_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRIFTMAP_STORAGE_URL", raising=False)
    assert read_settings().storage_url is None

    for url in ("s3://bucket/team/driftmap", "gs://bucket", "file:///mnt/store"):
        monkeypatch.setenv("DRIFTMAP_STORAGE_URL", f"{url}/")
        assert read_settings().storage_url == url

    for url in ("bucket/driftmap", "memory://", "s3:///prefix", "https://bucket.example/prefix"):
        monkeypatch.setenv("DRIFTMAP_STORAGE_URL", url)
        with pytest.raises(
            InputError, match=r"not the URL of an object store\. Set it to s3://bucket/prefix"
        ):
            read_settings()


@pytest.mark.parametrize("url", ["s3://key:s3cret@bucket/prefix", "s3://bucket/prefix?secret=s3cret"])
def test_the_url_of_a_store_holds_no_credentials(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_STORAGE_URL", url)
    with pytest.raises(InputError, match="give credentials as AWS_ACCESS_KEY_ID") as error:
        read_settings()
    assert "s3cret" not in str(error.value)
