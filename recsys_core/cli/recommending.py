"""``driftmap recommend``."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.cli.opening import open_workspace, watched
from recsys_core.cli.options import DatasetOption, JsonOption, RunOption, VersionOption, WorkspaceOption
from recsys_core.cli.output import say, table
from recsys_core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def recommend(
    dataset: DatasetOption,
    domain: Annotated[str, typer.Option("--domain", metavar="DOMAIN", help="The domain to recommend in.")],
    user: Annotated[str | None, typer.Option("--user", metavar="ID", help="One known user.")] = None,
    users: Annotated[
        Path | None, typer.Option("--users", metavar="FILE", help="Known users, one id per line.")
    ] = None,
    items: Annotated[
        str | None, typer.Option("--items", metavar="a,b", help="A newcomer who picked these items.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", metavar='"..."', help="A newcomer who wrote this.")
    ] = None,
    k: Annotated[int, typer.Option("-k", "--k", min=1, help="How many items.")] = 10,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="F", help="Write a table, F.parquet or F.csv."),
    ] = None,
    reasons: Annotated[
        bool, typer.Option("--reasons/--no-reasons", help="Say why; without, many users take much less time.")
    ] = True,
    run: RunOption = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Recommend items with reasons."""
    named = {"--user": user, "--users": users, "--items": items, "--text": text}
    given = [option for option, value in named.items() if value is not None]
    if len(given) != 1:
        said = " and ".join(given) or "Nobody"
        raise InputError(
            f"{said} {'were' if given else 'was'} named to recommend for.",
            "Name exactly one of --user, --users, --items and --text.",
        )
    people = [user] if user is not None else _ids(users) if users else []
    picks = [item.strip() for item in items.split(",") if item.strip()] if items else []
    _check_out(out)
    ws = open_workspace(workspace)
    with watched() as progress:
        from recsys_core import pipeline

        frame = pipeline.recommend(
            ws, dataset, domain, people, picks, text or "", k, run, version, progress, reasons
        )
    _tell(frame, {"dataset": dataset, "domain": domain, "k": k}, out, as_json)


def _tell(frame: "pd.DataFrame", document: dict[str, Any], out: Path | None, as_json: bool) -> None:
    """Into the file where one is named, else on the screen; and who is not in the log."""
    unknown = _not_in_the_log(frame)
    document |= {"unknown_users": unknown}
    told = [f"{len(unknown):,} users are not in the log; they get what is popular."] if unknown else []
    if out:
        _write(frame, out)
        document |= {"out": str(out), "n_users": frame["user_id"].nunique(), "n_rows": len(frame)}
        say(document, [f"{len(frame):,} rows are in {out}.", *told], as_json)
        return
    rows = [tuple(row) for row in frame.assign(score=frame["score"].round(4)).itertuples(index=False)]
    shown = table(rows, ("user", "rank", "item", "score", "reasons"))
    say(document | {"recommendations": frame.to_dict("records")}, [*shown, *told], as_json)


def _not_in_the_log(frame: "pd.DataFrame") -> list[str]:
    from recsys_core.recommend.batch import NOT_IN_THE_LOG

    return list(dict.fromkeys(frame.loc[frame["reasons"] == NOT_IN_THE_LOG, "user_id"]))


def _ids(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} cannot be read as text.", "Name a text file with one user id a line."
        ) from error
    ids = [line.strip() for line in lines if line.strip()]
    if not ids:
        raise InputError(f"{path} names nobody.", "Write one user id a line.")
    return list(dict.fromkeys(ids))


def _check_out(out: Path | None) -> None:
    if out and out.suffix not in (".parquet", ".csv"):
        raise InputError(
            f"--out {out} is neither Parquet nor CSV.", "Give it a name that ends in .parquet or .csv."
        )
    if out and not out.absolute().parent.is_dir():
        raise InputError(f"There is no folder {out.absolute().parent}.", "Make it first, or name another.")


def _write(frame: "pd.DataFrame", out: Path) -> None:
    from recsys_core.workspace.safe_csv import safe_csv

    aside = out.with_name(f".{out.name}-{secrets.token_hex(4)}")
    try:
        if out.suffix == ".csv":
            aside.write_bytes(safe_csv(frame))
        else:
            frame.to_parquet(aside, index=False)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
