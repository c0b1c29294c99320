"""Looking a workspace over, and repairing what can be repaired without losing anything."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from recsys_core.access import Role
from recsys_core.errors import ResourceError
from recsys_core.upkeep import files, processes, rows, stored
from recsys_core.upkeep.fault import Fault, LostAndFound
from recsys_core.workspace.gate import takes
from recsys_core.workspace.workspace import Workspace

PASSES = 3  # what one repair takes away may leave something else alone


@dataclass(frozen=True)
class Repair:
    """``repaired``: what was put right. ``left``: what nobody but you can decide. ``folder``: where what was
    taken away lies, None where nothing was.
    """

    repaired: tuple[Fault, ...]
    left: tuple[Fault, ...]
    folder: Path | None

    def as_dict(self) -> dict[str, Any]:
        """As plain JSON."""
        return {
            "faults": [fault.as_dict() for fault in self.left],
            "repaired": [fault.as_dict() for fault in self.repaired],
            "lost_and_found": str(self.folder) if self.folder else None,
        }


def inspect(ws: Workspace, checksums: bool = True, old: float = files.OLD_SECONDS) -> tuple[Fault, ...]:
    """What does not fit together, changing nothing. ``checksums``: read every file of every dataset;
    ``old``: seconds after which a file that is being written has been left.
    """
    return tuple(_faults(ws, checksums, old))


@takes(Role.ADMIN, "repair a workspace")
def repair(ws: Workspace, old: float = files.OLD_SECONDS) -> Repair:
    """Put right what can be: nothing of worth is deleted, what nobody knows moves to ``lost+found/<date>``.

    Safe while the app runs. Raises AccessError to all but admins.
    """
    shelf = LostAndFound(ws.root, datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ"))
    repaired = list[Fault]()
    for _ in range(PASSES):
        found = inspect(ws, old=old)
        mendable = [fault for fault in found if fault.mend is not None]
        if not mendable:
            break
        for fault in mendable:
            if fault.mend is not None:
                fault.mend(shelf)
            repaired.append(fault)
    return Repair(tuple(repaired), inspect(ws, old=old), shelf.folder if shelf.folder.is_dir() else None)


def _faults(ws: Workspace, checksums: bool, old: float) -> Iterator[Fault]:
    yield from processes.lost_jobs(ws)
    yield from processes.lost_runs(ws)
    yield from rows.gone_folders(ws)
    try:
        away = stored.away(ws)
    except ResourceError as error:
        yield stored.unanswered(error)
    else:
        yield from rows.datasets(ws, checksums, away)
        yield from rows.runs(ws, away)
        yield from rows.results(ws, away)
        yield from stored.faults(ws, old)
    yield from files.strays(ws)
    yield from files.stray_logs(ws)
    yield from files.half_written(ws, old)
    yield from files.dead_locks(ws)
