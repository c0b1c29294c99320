"""What an object store has beside what the catalogue says it should."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import select

from recsys_core.errors import OutageError, ResourceError
from recsys_core.upkeep.fault import Fault, LostAndFound
from recsys_core.workspace.cleaning import known_folders
from recsys_core.workspace.database import reading
from recsys_core.workspace.records import RunStatus
from recsys_core.workspace.storage.manifest import Manifest
from recsys_core.workspace.storage.objects import Stored
from recsys_core.workspace.storage.opening import open_remote
from recsys_core.workspace.storage.probe import PROBES
from recsys_core.workspace.storage.remote import FILES, MANIFESTS, Remote, key, name_in
from recsys_core.workspace.tables import RunRow
from recsys_core.workspace.workspace import Workspace

LOST: Final = (
    "Put back an older version of it where the bucket keeps those; else make it again, or restore a backup."
)
AGAIN: Final = "Is published again from this machine."


def away(ws: Workspace) -> Collection[str]:
    """Keys of the folders that an object store has, which need not be on this disk. Raises ResourceError."""
    remote = open_remote(ws.root, ws.engine)
    return () if remote is None else remote.names()


def unanswered(error: ResourceError) -> Fault:
    """The store, which could not be looked into, and so could nothing that may be in it."""
    problem, remedy = (error.problem, error.remedy) if isinstance(error, OutageError) else (str(error), "")
    return Fault("store", "storage", problem, remedy or "See what driftmap doctor says of storage above.")


def faults(ws: Workspace, old: float) -> Iterator[Fault]:
    """Folders that should be there and are not, or not wholly; and what is there and should not. ``old``:
    seconds after which what is being published has been left.
    """
    remote = open_remote(ws.root, ws.engine)
    if remote is None:
        return
    objects = [one for part in (MANIFESTS, FILES) for one in remote.objects.list(part)]
    wanted = _wanted(ws)
    for name in sorted(wanted):
        yield from _missing(remote, name, {one.name: one.size for one in objects})
    keys, left = {key(name) for name in wanted}, datetime.now(UTC) - timedelta(seconds=old)
    aged = [one for one in objects if one.modified <= left]
    yield from _strays(ws, remote, keys, aged)
    yield from _half_published(remote, keys, aged, {name_in(one.name) for one in objects if _tells(one)})
    yield from _probes(remote, left)


def _wanted(ws: Workspace) -> set[str]:
    """The folders that the store should have: all but those of runs that are not finished."""
    with reading(ws.engine) as session:
        done = RunRow.status == RunStatus.FINISHED
        unfinished = {f"runs/{run_id}" for run_id in session.scalars(select(RunRow.id).where(~done))}
        return known_folders(session) - unfinished


def _missing(remote: Remote, name: str, sizes: dict[str, int]) -> Iterator[Fault]:
    """A folder that was never published, or of which objects are gone or cut short."""
    here = (remote.root / name).is_dir() and next((remote.root / name).glob("*"), None) is not None
    publish = partial(_publish, remote, name) if here else None
    if f"{MANIFESTS}/{key(name)}.json" not in sizes:
        if here:  # else a row without its files, which is told as such
            yield Fault(
                "unpublished",
                name,
                f"Its files are on this machine, but not in {remote.url}.",
                "Is published.",
                publish,
            )
        return
    try:
        manifest = remote.manifest(name)
    except ResourceError as error:
        yield Fault("damaged-object", name, str(error), AGAIN if here else LOST, publish)
        return
    for path, entry in manifest.files.items() if manifest else ():
        stored = f"{FILES}/{key(name)}/{entry.sha256}"
        if sizes.get(stored) != entry.size:
            how = "is gone" if stored not in sizes else "has another size than was written"
            said = f"The object {stored}, {path} of {name}, {how}."
            yield Fault("damaged-object", stored, said, AGAIN if here else LOST, publish)


def _strays(ws: Workspace, remote: Remote, keys: set[str], aged: list[Stored]) -> Iterator[Fault]:
    for stray in sorted({name_in(one.name) for one in aged if _tells(one)} - keys):
        yield Fault(
            "stray-object",
            f"{MANIFESTS}/{stray}.json",
            f"No row of the catalogue knows {stray} in {remote.url}: an older catalogue was put back, or a "
            "process was killed before its row was written, or after.",
            "Moves to lost+found on this machine.",
            partial(_shelve, ws, remote, stray),
        )


def _half_published(remote: Remote, keys: set[str], aged: list[Stored], told: set[str]) -> Iterator[Fault]:
    """Files of folders whose manifest was never written, or is gone."""
    for stray in sorted({name_in(one.name) for one in aged if not _tells(one)} - keys - told):
        yield Fault(
            "half-published",
            f"{FILES}/{stray}",
            "Files without a manifest: a process was killed while it published or removed this folder.",
            "Is deleted.",
            partial(_withdraw, remote, stray),
        )


def _probes(remote: Remote, left: datetime) -> Iterator[Fault]:
    for one in remote.objects.list(PROBES):
        if one.modified <= left:
            said = "The object of a driftmap doctor that was killed."
            yield Fault("half-published", one.name, said, "Is deleted.", partial(_delete, remote, one.name))


def _tells(one: Stored) -> bool:
    return one.name.startswith(f"{MANIFESTS}/")


def _publish(remote: Remote, name: str, _: LostAndFound) -> None:
    """Written anew: what is there under the right name may not be what it should. Not where this machine has
    other files than were published.
    """
    with suppress(ResourceError):
        before, here = remote.manifest(name), Manifest.of(remote.root / name).files
        if before is not None and any(here.get(path) != entry for path, entry in before.files.items()):
            return
    remote.withdraw(name)
    remote.publish(remote.root / name, name)


def _shelve(ws: Workspace, remote: Remote, stray: str, shelf: LostAndFound) -> None:
    if stray in {key(name) for name in _wanted(ws)}:
        return
    manifest = remote.manifest(stray)
    if manifest is not None and not (shelf.folder / stray).exists():
        remote.download(stray, manifest, shelf.folder / stray)
    remote.withdraw(stray)


def _withdraw(remote: Remote, stray: str, _: LostAndFound) -> None:
    remote.withdraw(stray)


def _delete(remote: Remote, name: str, _: LostAndFound) -> None:
    remote.objects.delete([name])
