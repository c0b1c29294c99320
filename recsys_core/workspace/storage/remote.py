"""An object store behind the workspace folder, which then is a cache of it for everything that is whole.

| object | holds |
|---|---|
| ``workspace.mark`` | the mark of the one catalogue whose store this is |
| ``pseudonym.key.sha256`` | which key of pseudonyms its machines have, see ``keys`` |
| ``files/<name>/<sha256>`` | a file of a folder, by its content |
| ``manifests/<name>.json`` | path, size and sha256 of each file of that folder |
| ``vectors/<encoder>/…`` | see ``vectors`` |

Files are written first and the manifest last, so that a folder is there wholly or not at all; it goes the
other way round. Since files are named by their content, two machines that publish the same at once, or one
that does so again, put the same bytes in the same place.
"""

import errno
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from recsys_core.errors import InputError, OutageError, ResourceError
from recsys_core.workspace.files import STORED, aside, put_in_place
from recsys_core.workspace.person import KEY
from recsys_core.workspace.storage.manifest import Manifest
from recsys_core.workspace.storage.mark import mark_of
from recsys_core.workspace.storage.objects import MissingObjectError, Objects
from recsys_core.workspace.storage.storage import LocalDisk
from recsys_core.workspace.storage.stores import open_objects

MARK: Final = "workspace.mark"
KEY_SUM: Final = f"{KEY}.sha256"
FILES: Final = "files"
MANIFESTS: Final = "manifests"
_ENDING: Final = ".json"
_VERSION: Final = re.compile(r"(datasets/[^/]+)/v\d+-([0-9a-f]+)")
_THERE: Final = (errno.EEXIST, errno.ENOTEMPTY)


@dataclass(frozen=True)
class Remote:
    """``root``: of the workspace. ``engine``: of its catalogue, whose mark the store must bear."""

    root: Path
    url: str
    engine: Engine = field(repr=False, compare=False)

    @cached_property
    def objects(self) -> Objects:
        """The store, sure to be that of this catalogue; an empty one becomes it.

        Raises InputError where it is of another, OutageError, ResourceError.
        """
        objects = open_objects(self.url)
        claim(objects, mark_of(self.engine))
        tell_key(objects, self.root)
        return objects

    def bears(self, mark: str) -> bool:
        """Whether the store is that of a catalogue, claiming nothing."""
        return open_objects(self.url).read(MARK) == mark.encode()

    def check(self) -> None:
        """See ``objects``; one round trip."""
        self.objects.read(MARK)

    def publish(self, folder: Path, name: str) -> None:
        """Write the files, then the manifest; files that are there already are not sent again."""
        manifest, below = Manifest.of(folder), f"{FILES}/{key(name)}"
        there = {one.name: one.size for one in self.objects.list(below)}
        for path, entry in manifest.files.items():
            if there.get(f"{below}/{entry.sha256}") != entry.size:
                self.objects.put(f"{below}/{entry.sha256}", folder / path)
        self.objects.put(_manifest_name(name), manifest.to_json())
        (folder / STORED).touch()

    @contextmanager
    def published(self, folder: Path, name: str) -> Iterator[None]:
        """As ``publish``; what a killed process leaves is told by ``driftmap doctor``."""
        try:
            self.publish(folder, name)
            yield
        except BaseException:
            with suppress(OutageError, ResourceError):
                self.withdraw(name)
            raise

    def bring(self, name: str) -> Path:
        """The folder on this disk. One that was never published is taken as it is."""
        folder = self.root / name
        if (folder / STORED).exists():
            return folder
        manifest = self.manifest(name)
        if manifest is None:
            if folder.is_dir():
                return folder
            raise MissingObjectError(
                f"The object {_manifest_name(name)} is not in {self.url}, and {name} is not on this machine. "
                "It was deleted meanwhile, or the store has lost it: driftmap doctor tells what to do."
            )
        self._fetch(name, manifest)
        return folder

    def remove(self, folders: Iterable[Path]) -> None:
        """From the store, then from this disk."""
        for folder in folders:
            self.withdraw(folder.relative_to(self.root).as_posix())
            LocalDisk(self.root).remove([folder])

    def withdraw(self, name: str) -> None:
        """The manifest goes first."""
        below = [one.name for one in self.objects.list(f"{MANIFESTS}/{key(name)}")]
        self.objects.delete([_manifest_name(name), *below])
        self.objects.delete([one.name for one in self.objects.list(f"{FILES}/{key(name)}")])
        (self.root / name / STORED).unlink(missing_ok=True)

    def remove_file(self, name: str, file: str) -> None:
        """From the store: a manifest without it, then what that does not speak of. Then from this disk."""
        manifest, below = self.manifest(name), f"{FILES}/{key(name)}"
        if manifest is not None:
            rest = manifest.without(file)
            self.objects.put(_manifest_name(name), rest.to_json())
            stay = {f"{below}/{entry.sha256}" for entry in rest.files.values()}
            self.objects.delete([one.name for one in self.objects.list(below) if one.name not in stay])
        LocalDisk(self.root).remove_file(name, file)

    def keep_only(self, name: str, known: Iterable[str]) -> None:
        """Files that no manifest speaks of are no exception."""
        found = [one for part in (MANIFESTS, FILES) for one in self.objects.list(f"{part}/{name}")]
        for stray in sorted({name_in(one.name) for one in found} - {key(one) for one in known}):
            self.withdraw(stray)

    def names(self) -> set[str]:
        """The keys of all that is published."""
        return {name_in(one.name) for one in self.objects.list(MANIFESTS)}

    def manifest(self, name: str) -> Manifest | None:
        """What was published under a name; None where nothing is. Raises ResourceError for a damaged one."""
        content = self.objects.read(_manifest_name(name))
        try:
            return None if content is None else Manifest.parse(content)
        except ValueError as error:
            raise self._damaged(_manifest_name(name), str(error)) from error

    def _fetch(self, name: str, manifest: Manifest) -> None:
        with aside(self.root / "imports") as folder:
            whole = folder / "whole"
            self.download(name, manifest, whole)
            (whole / STORED).touch()
            final = self.root / name
            if final.is_dir() and not (final / STORED).exists():  # left by an earlier attempt of this machine
                final.rename(folder / "before")
            try:
                put_in_place(whole, final)
            except OSError as error:
                if error.errno not in _THERE or not (final / STORED).exists():
                    raise  # else another process was faster

    def download(self, name: str, manifest: Manifest, to: Path) -> None:
        """Write all of a published folder to ``to``, each file compared with what the manifest says."""
        to.mkdir(parents=True)
        for empty in manifest.folders:
            (to / empty).mkdir(parents=True)
        for path, entry in manifest.files.items():
            file = to / path
            file.parent.mkdir(parents=True, exist_ok=True)
            stored = f"{FILES}/{key(name)}/{entry.sha256}"
            try:
                sha256 = self.objects.download(stored, file)
            except MissingObjectError as error:
                raise self._damaged(stored, f"it is gone, which was {path} of {name}") from error
            if (file.stat().st_size, sha256) != (entry.size, entry.sha256):
                raise self._damaged(stored, f"it is not what was published as {path} of {name}")

    def _damaged(self, stored: str, how: str) -> ResourceError:
        return ResourceError(
            f"The object {stored} in {self.url} is damaged: {how}. Each must have the size and sha256 of its "
            "manifest. Put back an older version of it where the bucket keeps those, or run driftmap doctor "
            "--repair on a machine that still has the folder."
        )


def key(name: str) -> str:
    """The name in the store. The number of a dataset's version is not part of it: that is given out only once
    the folder has been published.
    """
    version = _VERSION.fullmatch(name)
    return "/".join(version.groups()) if version else name


def claim(objects: Objects, mark: str) -> None:
    """Put the mark of a catalogue on an empty store. Raises InputError where it bears another, or holds what
    is not ours: nothing that somebody else keeps there may ever count as left over.
    """
    found = objects.read(MARK)
    if found is None:
        if next(objects.list(""), None) is not None:
            raise InputError(
                f"The store {objects.url} holds something, but no workspace of Driftmap.",
                "Name an empty prefix of it in DRIFTMAP_STORAGE_URL.",
            )
        objects.put(MARK, mark.encode())
        found = objects.read(MARK)
    if found != mark.encode():
        raise InputError(
            f"The store {objects.url} has the files of another workspace.",
            "Each workspace takes a prefix of its own: correct DRIFTMAP_STORAGE_URL, or the database.",
        )


def tell_key(objects: Objects, root: Path) -> str:
    """Which key of pseudonyms the workspace has, by its sha256; "" where no machine has made one. Told by the
    first that has one.
    """
    told, file = objects.read(KEY_SUM), root / KEY
    if told is None and file.exists():
        objects.put(KEY_SUM, sha256(file.read_bytes()).hexdigest().encode())
        told = objects.read(KEY_SUM)
    return (told or b"").decode("ascii", "replace")


def _manifest_name(name: str) -> str:
    return f"{MANIFESTS}/{key(name)}{_ENDING}"


def name_in(stored: str) -> str:
    """The key of the folder that an object belongs to."""
    part, _, rest = stored.partition("/")
    return rest.removesuffix(_ENDING) if part == MANIFESTS else rest.rpartition("/")[0]
