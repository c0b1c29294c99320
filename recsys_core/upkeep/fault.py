"""Something in a workspace that does not fit together, and where its repair puts things."""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from recsys_core.workspace.files import to_json

FOLDER: Final = "lost+found"


@dataclass(frozen=True)
class LostAndFound:
    """``root/lost+found/<date>/``: what one repair took away, so that somebody can look at it and decide."""

    root: Path
    date: str

    @property
    def folder(self) -> Path:
        """Made only when there is something to put into it."""
        return self.root / FOLDER / self.date

    def take(self, path: Path) -> None:
        """Move a file or folder of the workspace here, under the same name below the root."""
        to = self.folder / path.relative_to(self.root)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, to)

    def note(self, table: str, row: Mapping[str, Any]) -> None:
        """Write down a row that leaves the catalogue, a line of JSON in ``rows.jsonl``."""
        self.folder.mkdir(parents=True, exist_ok=True)
        line = json.dumps(json.loads(to_json({"table": table, **row})), ensure_ascii=False)
        with (self.folder / "rows.jsonl").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


Mend = Callable[[LostAndFound], None]


@dataclass(frozen=True)
class Fault:
    """``kind``: a word for programs. ``where``: the file, row or job it is about. ``text``: what is wrong and
    how that comes about. ``cure``: what the repair does, or, where there is no ``mend``, what to do by hand.
    """

    kind: str
    where: str
    text: str
    cure: str
    mend: Mend | None = field(default=None, repr=False, compare=False)

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON."""
        told = {"kind": self.kind, "where": self.where, "text": self.text, "cure": self.cure}
        return told | {"repairable": self.mend is not None}
