"""The vector cache of a workspace, shared by all machines that have its object store.

A shard is an object ``vectors/<encoder>/<name>-<sha256>``: whole, never changed, and known to be what was
published by its own name. It is a cache, so what cannot be had is made again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from recsys_core.errors import ResourceError
from recsys_core.progress import Progress
from recsys_core.workspace.content import file_sha256
from recsys_core.workspace.files import aside, put_file_in_place
from recsys_core.workspace.storage.objects import Objects
from recsys_core.workspace.storage.opening import open_remote
from recsys_core.workspace.workspace import Workspace

FOLDER: Final = "vectors"
_ENDING: Final = ".safetensors"


@contextmanager
def shared_vectors(ws: Workspace, fingerprint: str, progress: Progress) -> Iterator[Path]:
    """The folder of the vector cache, for vectors of one encoder: before the block with the shards of other
    machines, after it with those of this one published. A store that does not answer is only told of.
    """
    remote = open_remote(ws.root, ws.engine)
    if remote is None:
        yield ws.root / FOLDER
        return
    here = ws.root / FOLDER / fingerprint
    try:
        _bring(remote.objects, here, ws.root)
    except ResourceError as error:
        progress.log(f"Vectors of other machines are not used: {error}")
    yield ws.root / FOLDER
    try:
        _publish(remote.objects, here)
    except ResourceError as error:
        progress.log(f"Vectors stay on this machine: {error}")


def _bring(objects: Objects, here: Path, root: Path) -> None:
    for stored in list(objects.list(f"{FOLDER}/{here.name}")):
        name, _, sha256 = stored.name.rpartition("/")[2].rpartition("-")
        file = here / f"{name}{_ENDING}"
        if file.exists():
            continue
        with aside(root / "imports") as folder:
            if objects.download(stored.name, folder / file.name) == sha256:
                put_file_in_place(folder / file.name, file)
            else:
                objects.delete([stored.name])  # damaged


def _publish(objects: Objects, here: Path) -> None:
    there = {one.name.rpartition("/")[2].rpartition("-")[0] for one in objects.list(f"{FOLDER}/{here.name}")}
    for file in sorted(here.glob(f"*{_ENDING}")):
        if file.stem not in there:
            objects.put(f"{FOLDER}/{here.name}/{file.stem}-{file_sha256(file)}", file)
