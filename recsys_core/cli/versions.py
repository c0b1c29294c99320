"""``driftmap versions``."""

from typing import TYPE_CHECKING, Annotated

import typer

from recsys_core.cli.opening import open_workspace
from recsys_core.cli.options import DatasetOption, JsonOption, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say, table

if TYPE_CHECKING:
    from recsys_core.workspace.comparing import DomainChange, VersionComparison
    from recsys_core.workspace.records import DatasetInfo
    from recsys_core.workspace.workspace import Workspace

CompareOption = Annotated[
    tuple[int, int] | None,
    typer.Option("--compare", metavar="A B", help="Say what version B has that A has not, and the reverse."),
]


def versions(
    dataset: DatasetOption,
    compare: CompareOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the versions of a dataset, or compare two of them."""
    ws = open_workspace(workspace)
    ws.dataset(dataset)
    if compare is None:
        _list(ws, dataset, as_json)
        return
    with quiet_stdout():
        from recsys_core.workspace.comparing import compare_versions

        found = compare_versions(ws, dataset, *compare)
    say(found.as_dict(), _comparison_lines(found), as_json)


def _list(ws: "Workspace", dataset: str, as_json: bool) -> None:
    infos = ws.versions(dataset)
    heads = ("version", "made (UTC)", "events", "users", "items", "from", "to", "domains")
    rows = [_row(info) for info in infos]
    say(
        {"dataset": dataset, "versions": [_document(info) for info in infos]},
        table(rows, heads),
        as_json,
    )


def _row(info: "DatasetInfo") -> tuple[object, ...]:
    return (
        info.version,
        f"{info.created:%Y-%m-%d %H:%M}",
        f"{info.n_events:,}",
        f"{info.n_users:,}",
        f"{info.n_items:,}",
        f"{info.first:%Y-%m-%d}",
        f"{info.last:%Y-%m-%d}",
        ", ".join(info.domains),
    )


def _document(info: "DatasetInfo") -> dict[str, object]:
    return {
        "version": info.version,
        "created": info.created.isoformat(),
        "n_events": info.n_events,
        "n_users": info.n_users,
        "n_items": info.n_items,
        "domains": list(info.domains),
        "first": info.first.isoformat(),
        "last": info.last.isoformat(),
        "hash": info.hash,
    }


def _comparison_lines(found: "VersionComparison") -> list[str]:
    from recsys_core.workspace.comparing import comparison_sentence
    from recsys_core.workspace.making import shortened

    heads = ("domain", "events", "added", "removed", "users", "added", "removed", "items", "added", "removed")
    rows = [_counts(one) for one in (*found.domains, found.total)]
    making = [
        f"  {one.what}: {' → '.join(shortened(text) or 'not there' for text in (one.a, one.b))}"
        for one in found.making
    ]
    head = ["What differs in the imports that made them:"] if making else []
    return [comparison_sentence(found), *table(rows, heads), *head, *making]


def _counts(change: "DomainChange") -> tuple[str, ...]:
    counts = (change.events, change.users, change.items)
    numbers = [f"{n:,}" for one in counts for n in (one.b, one.added, one.removed)]
    return change.domain or "all", *numbers
