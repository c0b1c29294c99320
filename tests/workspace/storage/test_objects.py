import time
from pathlib import Path

import pytest

from recsys_core.errors import InputError, OutageError, ResourceError
from recsys_core.workspace.storage.cloud_objects import CloudObjects
from recsys_core.workspace.storage.objects import MissingObjectError, Objects
from recsys_core.workspace.storage.stores import open_objects
from tests.s3 import KEY, S3, SECRET

pytestmark = pytest.mark.one_database  # opens no catalogue


@pytest.fixture(params=["file", "s3", "sftp"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """The same of a folder and of two real servers."""
    if request.param == "file":
        return open_objects(f"file://{tmp_path / 'store'}")
    if request.param == "sftp":
        return open_objects(request.getfixturevalue("sftp").url)
    return open_objects(request.getfixturevalue("bucket"))


def test_objects_come_and_go(objects: Objects, tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"0123456789" * 1_200_000)  # goes in parts
    objects.put("a/ü b.json", b"{}")
    objects.put("a/long", tmp_path / "long")
    objects.put("ab", b"of another folder")
    objects.put("a/ü b.json", b"[]")
    assert objects.read("a/ü b.json") == b"[]"
    assert list(objects.list("nowhere")) == []
    assert sorted((one.name, one.size) for one in objects.list("a")) == [
        ("a/long", 12_000_000),
        ("a/ü b.json", 2),
    ]
    objects.download("a/long", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == (tmp_path / "long").read_bytes()
    objects.delete(["a/long", "a/long", "nothing"])
    assert objects.read("a/long") is None
    with pytest.raises(MissingObjectError, match=f"The object a/long is not in {objects.url}"):
        objects.download("a/long", tmp_path / "back")


def test_a_store_that_lets_nobody_in_is_told_without_secrets(
    bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "an0ther")
    with pytest.raises(
        ResourceError, match=r"refuses a: .* 403 Forbidden\. Give Driftmap credentials"
    ) as error:
        CloudObjects(bucket).put("a", b"")
    assert not any(secret in str(error.value) for secret in (KEY, SECRET, "an0ther"))


@pytest.mark.usefixtures("bucket")
def test_a_bucket_that_is_not_there_is_told() -> None:
    for act in (
        lambda: CloudObjects("s3://nowhere").put("a", b""),
        lambda: [*CloudObjects("s3://nowhere").list("")],
    ):
        with pytest.raises(ResourceError, match=r"there is no such bucket\. Make it, or correct the URL"):
            act()


@pytest.mark.usefixtures("bucket")
def test_a_store_that_is_away_is_told_soon() -> None:
    server = S3()
    with server.running(), pytest.MonkeyPatch.context() as there:
        there.setenv("AWS_ENDPOINT_URL", server.environment["AWS_ENDPOINT_URL"])
        objects = CloudObjects("s3://bucket/a")
        objects.put("a", b"")
        server.stop()
        begin = time.monotonic()
        with pytest.raises(OutageError, match=r"s3://bucket/a did not answer for a: .*See that it runs"):
            objects.read("a")
        assert 0.1 < time.monotonic() - begin < 20


def test_a_store_nobody_knows_is_refused() -> None:
    with pytest.raises(
        InputError, match=r"The store az://one cannot be used: .*Correct DRIFTMAP_STORAGE_URL"
    ):
        CloudObjects("az://one").put("a", b"")
