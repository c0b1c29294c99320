"""Which library speaks to the store at a URL."""

from urllib.parse import urlsplit

from recsys_core.errors import InputError
from recsys_core.workspace.storage.cloud_objects import CLOUDS, CloudObjects
from recsys_core.workspace.storage.objects import Objects


def open_objects(url: str) -> Objects:
    """The objects below a URL; nothing is asked yet. Raises InputError where nothing here speaks to it."""
    protocol = urlsplit(url).scheme
    if protocol in CLOUDS:
        return CloudObjects(url)
    from recsys_core.workspace.storage.file_system_objects import FileSystemObjects, is_known  # only if asked

    if not is_known(protocol):
        raise InputError(
            f"DRIFTMAP_STORAGE_URL is {url!r}, and fsspec knows no {protocol!r}.",
            "Set it to s3://bucket/prefix, or to another store that fsspec knows.",
        )
    return FileSystemObjects(url)
