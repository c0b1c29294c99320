"""``driftmap doctor``."""

from dataclasses import asdict

import typer

from recsys_core.cli.options import JsonOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say
from recsys_core.settings import read_settings


def doctor(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say what works here, and what to do about the rest."""
    root = workspace or read_settings().workspace
    with quiet_stdout():
        from recsys_core import pipeline

        checks = pipeline.doctor(root)
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
