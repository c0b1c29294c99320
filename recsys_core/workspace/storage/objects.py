"""The objects below one URL, by whichever library, and in which words a store's troubles are told."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from recsys_core.errors import OutageError, ResourceError

ALLOW: Final = (
    "Give Driftmap credentials that may read, write, list and delete there, where the store's own library "
    "looks for them: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the role of the machine, or FSSPEC_…."
)


class MissingObjectError(ResourceError):
    """The store answers, but does not have an object."""


@dataclass(frozen=True)
class Stored:
    """One object. ``name``: below the URL; ``size`` in bytes; ``modified``: UTC."""

    name: str
    size: int
    modified: datetime


@dataclass(frozen=True)
class Objects(ABC):
    """Every method raises OutageError where the store does not answer, and ResourceError where it refuses."""

    url: str

    @abstractmethod
    def put(self, name: str, content: bytes | Path) -> None:
        """Write an object, or put it in the place of an older one; it is there wholly or not at all."""

    @abstractmethod
    def read(self, name: str) -> bytes | None:
        """A small object; None where it is not there."""

    @abstractmethod
    def download(self, name: str, to: Path) -> str:
        """Write an object to a file; its sha256. Raises MissingObjectError."""

    @abstractmethod
    def list(self, prefix: str) -> Iterator[Stored]:
        """The objects whose names begin with the folder ``prefix``, "" for all."""

    @abstractmethod
    def delete(self, names: Iterable[str]) -> None:
        """Remove objects; one that is not there is none too many."""

    def missing(self, name: str) -> MissingObjectError:
        """An error to raise."""
        return MissingObjectError(f"The object {name} is not in {self.url}.")

    def refused(self, name: str, reason: str, remedy: str = ALLOW) -> ResourceError:
        """The same."""
        return ResourceError(f"The store {self.url} refuses {name}: {reason}. {remedy}")

    def away(self, name: str, reason: str) -> OutageError:
        """The same."""
        return OutageError(
            f"The store {self.url} did not answer for {name}: {reason}.",
            "See that it runs and can be reached from here, then try again.",
        )
