"""``driftmap doctor``."""

from dataclasses import asdict

import typer

from recsys_core.cli.opening import open_workspace
from recsys_core.cli.options import JsonOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say


def doctor(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say what works here, and what to do about the rest."""
    ws = open_workspace(workspace, make=True)
    with quiet_stdout():
        from recsys_core import pipeline
        from recsys_core.jobs.cluster_check import examine_cluster

        checks = [*pipeline.doctor(ws), *examine_cluster()]
    lines = [
        f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}"
        + (f"\n      {check.remedy}" if check.remedy else "")
        for check in checks
    ]
    say(
        {"ok": all(check.ok for check in checks), "checks": [asdict(check) for check in checks]},
        lines,
        as_json,
    )
    if not all(check.ok for check in checks):
        raise typer.Exit(1)
