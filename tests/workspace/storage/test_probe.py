import pytest

from recsys_core.errors import ResourceError
from recsys_core.workspace.doctor import examine
from recsys_core.workspace.storage.cloud_objects import CloudObjects
from recsys_core.workspace.storage.probe import probe
from tests.workspace.storage.conftest import Machine

pytestmark = pytest.mark.one_database  # opens no catalogue


def test_what_a_request_costs_is_told_and_nothing_stays(bucket: str) -> None:
    objects = CloudObjects(bucket)
    trips = probe(objects)
    assert [*trips] == ["write", "read", "list", "delete"]
    assert all(0 < seconds < 5 for seconds in trips.values())
    assert list(objects.list("")) == []


def test_a_store_that_forgets_is_told(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CloudObjects, "read", lambda *_: None)
    with pytest.raises(ResourceError, match="does not give back what was written to probes/"):
        probe(CloudObjects(bucket))


def test_the_doctor_looks_at_the_store(
    machine: Machine, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = machine("a").root
    (check,) = examine(root, ["storage"])
    assert check.ok
    assert check.detail.startswith(f"{bucket} answers and can be written to: write ")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    (check,) = examine(root, ["storage"])
    assert (check.ok, check.remedy[:16]) == (False, "See that it runs")
    monkeypatch.delenv("DRIFTMAP_STORAGE_URL")
    (check,) = examine(root, ["storage"])
    assert check.detail == f"the disk of this machine, at {root}"
