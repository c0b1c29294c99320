"""``driftmap forget``."""

import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.cli.opening import open_workspace, watched
from recsys_core.cli.options import DatasetOption, JsonOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say

if TYPE_CHECKING:
    from recsys_core.workspace.forgetting import ForgetReport


def forget(
    user: Annotated[
        str, typer.Argument(metavar="USER", help="The person's id as in the log, or their pseudonym.")
    ],
    dataset: DatasetOption,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask first.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove a person from a dataset for good, with all that still holds them."""
    ws = open_workspace(workspace)  # no job: its parameters would keep the id
    with quiet_stdout():
        from recsys_core import pipeline
        from recsys_core.jobs.forgetting import forget_mentions
        from recsys_core.workspace.forgetting import names_in

        planned = pipeline.look_for(ws, dataset, user)
    sys.stderr.write("\n".join(["This goes for good:", *_lines(planned)]) + "\n")
    if not yes and sys.stdin.isatty():
        typer.confirm("Remove it?", abort=True, err=True)
    with watched() as progress:
        n_texts = forget_mentions(ws, dataset, names_in(ws, dataset, user))
        report = pipeline.forget(ws, dataset, user, progress)
    say(_document(report, n_texts), [_end(report)], as_json)


def _lines(report: "ForgetReport") -> list[str]:
    purged = report.purged
    what = [
        (report.n_events, f"{report.n_events:,} events of this person in the newest version"),
        (report.n_set_aside, f"{report.n_set_aside:,} rows set aside that name them"),
        (report.n_told, "what is told of them beside events"),
        (report.n_feedback, f"{report.n_feedback:,} likes and dislikes said in their name"),
        (purged.versions, f"version {_listed(purged.versions)} of {report.dataset}"),
        (purged.deleted, f"results with a row per person: {_counted(purged.deleted)}"),
        (report.uploads, f"files uploaded in the browser: {_listed([path.name for path in report.uploads])}"),
        (report.info is None, f"{report.dataset} as a whole with its models, since nobody else is in it"),
    ]
    kept = [
        (purged.runs, f"models, kept but stale: {_listed(purged.runs)}; fine-tune again"),
        (purged.stale, f"results without people, kept but stale: {_counted(purged.stale)}"),
    ]
    return [f"  {line}" for holds, line in (*what, *kept) if holds]


def _end(report: "ForgetReport") -> str:
    if report.info is None:
        return f"Nobody is left in {report.dataset}, so it is gone."
    info = report.info
    return (
        f"The person is gone. {info.name}, version {info.version}, holds {info.n_events:,} events of "
        f"{info.n_users:,} users. Your own log files, backups and lost+found are not touched: remove them "
        "there too before you import again."
    )


def _document(report: "ForgetReport", n_texts: int) -> dict[str, Any]:
    info, purged = report.info, report.purged
    return {
        "dataset": report.dataset,
        "version": info.version if info else None,
        "n_users": info.n_users if info else 0,
        "n_events": info.n_events if info else 0,
        "removed": {
            "events": report.n_events,
            "rows_set_aside": report.n_set_aside,
            "rows_of_people": report.n_told,
            "feedback": report.n_feedback,
            "versions": list(purged.versions),
            "results": list(purged.deleted),
            "uploads": [str(path) for path in report.uploads],
            "texts_of_jobs": n_texts,
        },
        "stale": {"runs": list(purged.runs), "results": list(purged.stale)},
    }


def _listed(names: Sequence[object]) -> str:
    return ", ".join(map(str, names))


def _counted(kinds: Sequence[str]) -> str:
    return _listed([f"{count} {kind}" for kind, count in sorted(Counter(kinds).items())])
