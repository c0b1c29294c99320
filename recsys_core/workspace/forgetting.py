"""Removing a person from a dataset, with everything that still holds them: look, then forget.

A new version without the person is saved first, and says in its manifest that it ``forgets``; then the older
ones are purged (see ``purging``). Killed before the save, nothing has happened; killed after it, the next
opening of the workspace does the rest. The id itself is written nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from recsys_core import __version__
from recsys_core.access import Role
from recsys_core.errors import InputError, NotFoundError
from recsys_core.logs.importing import QUARANTINE
from recsys_core.progress import Progress, Silent
from recsys_core.workspace.cleaning import clean
from recsys_core.workspace.content import INTERACTIONS, ITEMS
from recsys_core.workspace.feedback import count_feedback, forget_feedback
from recsys_core.workspace.files import aside
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.keys import known_pseudonyms
from recsys_core.workspace.manifest import PSEUDONYMISED
from recsys_core.workspace.person import KEY, Person, names_of, person_called
from recsys_core.workspace.purging import FORGETS, Purged, purge, remove_uploads, uploads_before, would_purge
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.traces import leave_no_trace
from recsys_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class ForgetReport:
    """What goes, or went, with a person.

    ``info``: the newest version, from ``forget`` the one without them; None where nobody else is in it, so
    that the dataset goes as a whole, with its runs. ``n_events``, ``n_set_aside``: their events in the newest
    version, and rows set aside there that name them. ``purged``: older versions, and what was made of them.
    ``uploads``: raw files that browsers left. ``n_feedback``: what was said of titles in their name.
    ``n_told``: rows that tell of them in the newest version.
    """

    dataset: str
    info: DatasetInfo | None
    n_events: int
    n_set_aside: int
    purged: Purged
    uploads: tuple[Path, ...]
    n_feedback: int = 0
    n_told: int = 0


@dataclass(frozen=True)
class _Found:
    """``n_events``, ``n_set_aside``, ``n_told``: of the person, by version. ``folder``: to write in."""

    person: Person
    folder: Path
    versions: tuple[DatasetInfo, ...]
    n_events: tuple[int, ...]
    n_set_aside: tuple[int, ...]
    n_told: tuple[int, ...]
    n_feedback: int

    @property
    def newest(self) -> DatasetInfo:
        return self.versions[-1]

    @property
    def alone(self) -> bool:
        """Nobody else is in the newest version."""
        return self.n_events[-1] == self.newest.n_events

    @property
    def doomed_before(self) -> int:
        """Versions under this one go: with the newest, or without it where that does not hold the person."""
        held = self.n_events[-1] or self.n_set_aside[-1] or self.n_told[-1]
        return self.newest.version + (1 if held else 0)


@takes(Role.ADMIN, "look for a person to remove")
def look_for(ws: Workspace, dataset: str, user_id: str) -> ForgetReport:
    """What ``forget`` would remove, removing nothing. Raises NotFoundError, InputError."""
    with _found(ws, dataset, user_id) as found:
        purged = would_purge(ws.root, ws.engine, dataset, found.doomed_before)
        uploads = tuple(uploads_before(ws.root, datetime.now(UTC)))
        return _report(found, None if found.alone else found.newest, purged, uploads)


@changes(Role.ADMIN, "remove a person", on=("dataset",))
def forget(ws: Workspace, dataset: str, user_id: str, progress: Progress | None = None) -> ForgetReport:
    """Remove a person from a dataset for good.

    ``user_id``: as in the log, or the pseudonym where the dataset holds those. A person's right goes before
    statistics, so it works however few users are left. Where only older versions hold the person, the newest
    stays as it is. Raises NotFoundError where none does, InputError, CancelledError.
    """
    progress = progress or Silent()
    progress.stage("Looking for the person")
    with ws.dataset_lock(dataset), _found(ws, dataset, user_id) as found:
        progress.check_cancelled()
        progress.stage("Removing what holds them")
        forget_feedback(ws, dataset, found.person.names)
        report = _forget_all(ws, found) if found.alone else _forget_one(ws, found)
    clean(ws.root, ws.engine)
    return report


def _forget_one(ws: Workspace, found: _Found) -> ForgetReport:
    kept = found.newest.version == found.doomed_before
    info = found.newest if kept else _save_without(ws, found)
    uploads = remove_uploads(ws.root, datetime.now(UTC))
    return _report(found, info, purge(ws.root, ws.engine, info.name, info.version), uploads)


def _forget_all(ws: Workspace, found: _Found) -> ForgetReport:
    name = found.newest.name
    purged = would_purge(ws.root, ws.engine, name, found.doomed_before)
    uploads = remove_uploads(ws.root, datetime.now(UTC))
    forget_feedback(ws, name)
    ws.delete_dataset(name)
    leave_no_trace(ws.engine)
    return _report(found, None, purged, uploads)


def _save_without(ws: Workspace, found: _Found) -> DatasetInfo:
    """The next version: the newest without the person."""
    old, events, set_aside = found.newest, found.folder / INTERACTIONS, found.folder / QUARANTINE
    found.person.copy_others_events(old.folder, events)
    found.person.copy_others_set_aside(old.folder, set_aside)
    counts = {"events": found.n_events[-1], "set_aside": found.n_set_aside[-1]}
    manifest = {
        **old.manifest,
        "driftmap": __version__,
        "previous_version": old.version,
        FORGETS: True,
        "forgotten": counts,
    }
    items = pd.read_parquet(old.folder / ITEMS)
    extras = [set_aside] if set_aside.exists() else []
    people = found.person.others_told(old.folder)
    return ws.save_dataset(old.name, events, items, manifest, extras, people=people)


def names_in(ws: Workspace, dataset: str, user_id: str) -> tuple[str, ...]:
    """The ids that mean one person in a dataset: as given, and the pseudonym where it holds those.

    Raises InputError where no id is given.
    """
    user_id = user_id.strip()
    if not user_id:
        raise InputError("No user was named.", "Give the id of a user as it stands in the log.")
    pseudonymised = any(info.manifest.get(PSEUDONYMISED) for info in ws.versions(dataset))
    return names_of(user_id, known_pseudonyms(ws) if pseudonymised else None)


@contextmanager
def _found(ws: Workspace, dataset: str, user_id: str) -> Iterator[_Found]:
    ws.dataset(dataset)
    names, versions = names_in(ws, dataset, user_id), tuple(ws.versions(dataset))
    with aside(ws.root / "imports") as folder, person_called(names, folder) as person:
        n_events = tuple(person.n_events(info.folder) for info in versions)
        n_set_aside = tuple(person.n_set_aside(info.folder) for info in versions)
        n_told = tuple(person.n_told(info.folder) for info in versions)
        if not any((*n_events, *n_set_aside, *n_told)):
            raise NotFoundError(f"No version of {dataset!r} holds this user.", _remedy(ws, versions[-1]))
        n_feedback = count_feedback(ws, dataset, names)
        yield _Found(person, folder, versions, n_events, n_set_aside, n_told, n_feedback)


def _remedy(ws: Workspace, newest: DatasetInfo) -> str:
    said = "Ids are compared as text, exactly as in the log; check spelling and leading zeros."
    if newest.manifest.get(PSEUDONYMISED):
        keyed = (ws.root / KEY).exists()
        said = "Give the pseudonym" + (
            ", or the id exactly as in the log." if keyed else f": {KEY} is not in this workspace."
        )
    if newest.manifest.get(FORGETS):
        said += f" Version {newest.version} was made to remove someone; if it was them, all is done."
    return said


def _report(
    found: _Found, info: DatasetInfo | None, purged: Purged, uploads: tuple[Path, ...]
) -> ForgetReport:
    if info is None:  # nothing is kept to be stale
        purged = replace(purged, runs=(), stale=(), deleted=(*purged.stale, *purged.deleted))
    return ForgetReport(
        found.newest.name,
        info,
        found.n_events[-1],
        found.n_set_aside[-1],
        purged,
        uploads,
        found.n_feedback,
        found.n_told[-1],
    )
