"""``driftmap recommend``."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.cli.opening import open_workspace, queue, watched
from recsys_core.cli.options import DatasetOption, JsonOption, RunOption, VersionOption, WorkspaceOption
from recsys_core.cli.output import say, table
from recsys_core.errors import InputError
from recsys_core.workspace.list_files import check_out, read_ids, write_lists

if TYPE_CHECKING:
    import pandas as pd


UsersOption = Annotated[
    Path | None, typer.Option("--users", metavar="FILE", help="Known users, one id per line.")
]
ItemsOption = Annotated[
    str | None, typer.Option("--items", metavar="a,b", help="A newcomer who picked these items.")
]
TextOption = Annotated[str | None, typer.Option("--text", metavar='"..."', help="A newcomer who wrote this.")]
ReasonsOption = Annotated[
    bool, typer.Option("--reasons/--no-reasons", help="Say why; without, many users take much less time.")
]
BackgroundOption = Annotated[
    bool, typer.Option("--background", help="Queue it, with --users and --out; see driftmap jobs.")
]


def recommend(
    dataset: DatasetOption,
    domain: Annotated[str, typer.Option("--domain", metavar="DOMAIN", help="The domain to recommend in.")],
    user: Annotated[str | None, typer.Option("--user", metavar="ID", help="One known user.")] = None,
    users: UsersOption = None,
    items: ItemsOption = None,
    text: TextOption = None,
    k: Annotated[int, typer.Option("-k", "--k", min=1, help="How many items.")] = 10,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="F", help="Write a table, F.parquet or F.csv."),
    ] = None,
    reasons: ReasonsOption = True,
    background: BackgroundOption = False,
    run: RunOption = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recommend items with reasons."""
    _check_one({"--user": user, "--users": users, "--items": items, "--text": text})
    if background and not (users and out):
        raise InputError(
            "--background needs --users and --out.", "Name a file of users and one for the lists."
        )
    people = [user] if user is not None else read_ids(users) if users else []
    picks = [item.strip() for item in items.split(",") if item.strip()] if items else []
    if out:
        check_out(out)
    ws = open_workspace(workspace)
    if background and users and out:
        asked = {"dataset": dataset, "domain": domain, "k": k, "run": run, "explain": reasons}
        files = {"users": str(users.absolute()), "out": str(out.absolute())}
        queue(ws, "lists", asked | files | {"version": ws.dataset(dataset, version).version}, as_json)
        return
    with watched() as progress:
        from recsys_core import pipeline

        frame = pipeline.recommend(
            ws, dataset, domain, people, picks, text or "", k, run, version, progress, reasons
        )
    _tell(frame, {"dataset": dataset, "domain": domain, "k": k}, out, as_json)


def _check_one(named: Mapping[str, object]) -> None:
    """Raises InputError unless exactly one of the options was given."""
    given = [option for option, value in named.items() if value is not None]
    if len(given) != 1:
        said = " and ".join(given) or "Nobody"
        raise InputError(
            f"{said} {'were' if given else 'was'} named to recommend for.",
            "Name exactly one of --user, --users, --items and --text.",
        )


def _tell(frame: "pd.DataFrame", document: dict[str, Any], out: Path | None, as_json: bool) -> None:
    """Into the file where one is named, else on the screen; and who is not in the log."""
    unknown = _not_in_the_log(frame)
    document |= {"unknown_users": unknown}
    told = [f"{len(unknown):,} users are not in the log; they get what is popular."] if unknown else []
    if out:
        write_lists(frame, out)
        document |= {"out": str(out), "n_users": frame["user_id"].nunique(), "n_rows": len(frame)}
        say(document, [f"{len(frame):,} rows are in {out}.", *told], as_json)
        return
    rows = [tuple(row) for row in frame.assign(score=frame["score"].round(4)).itertuples(index=False)]
    shown = table(rows, ("user", "rank", "item", "score", "reasons"))
    say(document | {"recommendations": frame.to_dict("records")}, [*shown, *told], as_json)


def _not_in_the_log(frame: "pd.DataFrame") -> list[str]:
    from recsys_core.recommend.batch import NOT_IN_THE_LOG

    return list(dict.fromkeys(frame.loc[frame["reasons"] == NOT_IN_THE_LOG, "user_id"]))
