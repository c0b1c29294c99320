"""The files of an import, understood: what to read events, items and people from."""

from collections.abc import Mapping
from dataclasses import dataclass

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileInfo
from recsys_core.logs.parsing import LogFile
from recsys_core.workspace.requests import Finding


@dataclass(frozen=True)
class ItemsFile:
    """A file to read items from. ``roles``: the corrected ones; ``domain``: of all its items, None where a
    column or the log says it.
    """

    info: FileInfo
    roles: Mapping[str, str]
    domain: str | None


@dataclass(frozen=True)
class PeopleFile:
    """A table to read people from. ``roles``: the corrected ones."""

    info: FileInfo
    roles: Mapping[str, str]


@dataclass(frozen=True)
class PreparedImport:
    """``logs``: what to read events from; ``items``: what to read items from; ``people``: what is told of
    people; ``left_out``: what was found and is not read, with the reason.
    """

    logs: tuple[LogFile, ...]
    items: tuple[ItemsFile, ...]
    people: tuple[PeopleFile, ...] = ()
    left_out: tuple[Finding, ...] = ()

    @property
    def infos(self) -> tuple[FileInfo, ...]:
        """Every file that is read; a log that tells of items comes twice."""
        about = (*(file.info for file in self.items), *(file.info for file in self.people))
        return (*(log.info for log in self.logs), *about)

    def check_unchanged(self) -> None:
        """Raise InputError where a file is gone or has another size than when it was looked into."""
        for info in self.infos:
            size = info.path.stat().st_size if info.path.exists() else None
            if size != info.size:
                what = "is gone" if size is None else f"has {size:,} bytes now and had {info.size:,}"
                raise InputError(
                    f"{info.name} changed while it was read: it {what}. Nothing was saved.",
                    "Import it again.",
                )
