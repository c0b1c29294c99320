"""``driftmap interests``, ``migrate``, ``evaluate`` and ``recommend``."""

from collections.abc import Hashable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.cli.opening import do, open_workspace
from recsys_core.cli.options import (
    DatasetOption,
    JsonOption,
    RunOption,
    SeedsOption,
    VersionOption,
    WorkspaceOption,
)
from recsys_core.cli.output import say, table

if TYPE_CHECKING:
    from recsys_core.evaluation.scorecard import Scorecard
    from recsys_core.interests.interests import Interests
    from recsys_core.interests.projection import InterestMap
    from recsys_core.migration.migration import Migration
    from recsys_core.workspace.workspace import Workspace


class Window(StrEnum):
    """Lengths of a window of time."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Protocol(StrEnum):
    """What is hidden from the recommenders."""

    COLD_USER = "cold-user"
    COLD_ITEM = "cold-item"
    NEXT_ITEM = "next-item"
    LEAVE_ONE_OUT = "leave-one-out"


def interests(
    dataset: DatasetOption,
    run: RunOption = None,
    k: Annotated[
        int | None, typer.Option("--k", metavar="N", min=1, help="Interests at the finest level.")
    ] = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find users' interests, name them and draw the map."""
    ws = open_workspace(workspace)
    ws.dataset(dataset, version)
    found: Interests
    drawn: InterestMap
    found, drawn = do(ws, "interests", {"dataset": dataset, "run": run, "k": k, "version": version})
    used = _used(ws, dataset, version, run)
    from recsys_core.interests.telling import told_interests

    told = told_interests(ws.load_dataset(dataset, version), found)
    document = {
        "run": used,
        "levels": list(found.levels),
        "interests": told.rename(columns={"interest": "id"}).to_dict("records"),
        "stability": found.stability.ari.tolist() if found.stability else None,
        "map": {"trustworthiness": drawn.trustworthiness, "neighbours_kept": drawn.neighbours_kept},
    }
    top = told[told["level"] == 0].sort_values("n_events", ascending=False)
    rows = [
        (row.name, f"{row.n_items:,}", "–" if row.n_events is None else format(row.n_events, ","), row.terms)
        for row in top.itertuples(index=False)
    ]
    say(document, table(rows, ("interest", "items", "events", "words")), as_json)


def migrate(
    dataset: DatasetOption,
    run: RunOption = None,
    window: Annotated[Window, typer.Option("--window", help="How long one window is.")] = Window.QUARTER,
    level: Annotated[int, typer.Option("--level", min=0, help="0: the coarsest interests.")] = 0,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure where interests went, against shuffled time."""
    ws = open_workspace(workspace)
    ws.dataset(dataset, version)
    params = {"dataset": dataset, "run": run, "window": window, "level": level, "version": version}
    migration: Migration = do(ws, "migrate", params)
    used = _used(ws, dataset, version, run)
    from recsys_core import pipeline

    found = pipeline.load_interests(ws, dataset, ws.dataset(dataset, version).version, used)
    if found is None:
        raise RuntimeError("the interests that were just used are gone")
    shown = migration.shown_flows
    flows = shown[shown["significant"]].sort_values("excess", ascending=False)
    rows = [_flow(row, found) for row in flows.to_dict("records")]
    heads = ("from", "to", "of those interested in", "moved to", "share", "by chance")
    none = ["No flow between interests is larger than chance explains."]
    say(migration.to_json(used, found), table(rows, heads) if rows else none, as_json)


def _flow(row: Mapping[Hashable, Any], found: "Interests") -> tuple[str, ...]:
    windows = (row["from_window"], row["to_window"])
    names = (found.name(row["from_interest"]), found.name(row["to_interest"]))
    return (*windows, *names, f"{row['share']:.0%}", f"{row['expected']:.0%}")


def evaluate(
    dataset: DatasetOption,
    target: Annotated[str, typer.Option("--target", metavar="DOMAIN", help="The domain to recommend in.")],
    protocol: Annotated[
        Protocol,
        typer.Option("--protocol", help="What is hidden; leave-one-out only to compare with papers."),
    ] = Protocol.COLD_USER,
    models: Annotated[
        str | None,
        typer.Option(
            "--models", metavar="a,b,...", help="Which recommenders; by default all but slow baselines."
        ),
    ] = None,
    seeds: SeedsOption = 1,
    run: RunOption = None,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score every recommender on the same hidden answers."""
    names = [name.strip() for name in models.split(",") if name.strip()] if models else None
    params = {"dataset": dataset, "target": target, "protocol": protocol, "models": names, "seeds": seeds}
    ws = open_workspace(workspace)
    ws.dataset(dataset, version)
    card: Scorecard = do(ws, "evaluate", {**params, "version": version, "run": run})
    say(card.to_json(), _scores(card), as_json)


def _scores(card: "Scorecard") -> list[str]:
    document = card.to_json()
    shown = [(model["name"], model["metrics"].get("ndcg@10")) for model in document["models"]]
    rows = [
        (name, f"{value['mean']:.4f}", f"{value['low']:.4f} to {value['high']:.4f}")
        for name, value in shown
        if value
    ]
    head = f"{document['n_users']:,} users, {document['n_candidates']:,} items, best: {document['best']}"
    verdict = document["verdict"]
    words = [f"Evidence of transfer: {verdict['transfer']}."] if verdict else []
    return [head, *table(rows, ("recommender", "NDCG@10", "95 % interval")), *words]


def _used(ws: "Workspace", dataset: str, version: int | None, run: str | None) -> str | None:
    """The run that was used: the named one, else the one in use, else none."""
    in_use = ws.run_in_use(dataset, ws.dataset(dataset, version).version)
    return run or (in_use.id if in_use else None)
