"""``driftmap doctor``."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recsys_core.cli.options import JsonOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say
from recsys_core.settings import read_settings

if TYPE_CHECKING:
    from recsys_core.upkeep.fault import Fault
    from recsys_core.upkeep.inspection import Repair
    from recsys_core.workspace.doctor import Check


def doctor(
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Put right what does not fit together; what nobody knows moves to lost+found.",
        ),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what works here and what does not fit together in the workspace, and what to do about it."""
    root = workspace or read_settings().workspace
    with quiet_stdout():
        from recsys_core import pipeline
        from recsys_core.jobs.cluster_check import examine_cluster

        found = _looked_into(root, repair) if _opens(root) else None
        checks = [*pipeline.doctor(root), *examine_cluster()]
    ok = all(check.ok for check in checks) and not (found and found.left)
    document = {"ok": ok, "checks": [asdict(check) for check in checks], **(found.as_dict() if found else {})}
    say(document, [*_check_lines(checks), *(_fault_lines(found) if found else [])], as_json)
    if not ok:
        raise typer.Exit(1)


def _opens(root: Path) -> bool:
    """Whether there is a workspace to look into; what keeps it from being opened is told by the checks."""
    from recsys_core import pipeline

    return all(check.ok for check in pipeline.doctor(root, ["database"]))


def _looked_into(root: Path, repair: bool) -> "Repair":
    from recsys_core.cli.opening import open_workspace
    from recsys_core.upkeep.inspection import Repair, inspect
    from recsys_core.upkeep.inspection import repair as mend

    ws = open_workspace(root, make=True)
    return mend(ws) if repair else Repair((), inspect(ws), None)


def _check_lines(checks: "Sequence[Check]") -> list[str]:
    return [
        f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}"
        + (f"\n      {check.remedy}" if check.remedy else "")
        for check in checks
    ]


def _fault_lines(found: "Repair") -> list[str]:
    """What was put right and what is left, a thing in two lines, then what to do."""
    lines = [_told("done", fault) for fault in found.repaired]
    lines += [_told("FAIL", fault) for fault in found.left]
    if found.folder:
        lines.append(f"What was taken away lies in {found.folder}; look at it, then delete it.")
    if any(fault.mend for fault in found.left):
        lines.append("driftmap doctor --repair does what is said there; back up first: driftmap backup.")
    whole = [] if found.left else ["ok    workspace: files, catalogue and jobs fit together"]
    return [*lines, *whole]


def _told(word: str, fault: "Fault") -> str:
    return f"{word}  {fault.where}: {fault.text}\n      {fault.cure}"
