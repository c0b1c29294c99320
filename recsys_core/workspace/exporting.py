"""What leaves the house: tables without people, groups under ten users left out."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from recsys_core.columns import DOMAIN, FROM_INTEREST, ITEM_ID, NAME, TITLE, TO_INTEREST
from recsys_core.errors import InputError
from recsys_core.interests.interests import Interests
from recsys_core.workspace.files import to_json, write_file
from recsys_core.workspace.naming import load_interests
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.safe_csv import safe_csv
from recsys_core.workspace.saved import load_migration, load_scorecard
from recsys_core.workspace.workspace import Workspace


def export_results(ws: Workspace, dataset: str, version: int, run: RunInfo | None, out: Path) -> list[Path]:
    """Write what is known of a dataset version into the folder ``out``; the paths written.

    Interests and items with their interests, migration (aggregated; no user ids, no group under ten),
    scorecards, and the fine-tuned encoder where the run has one. Existing files of the same names are
    replaced whole. Raises InputError where nothing has been computed yet, or ``out`` is a file.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file.", "Name a folder to export into.")
    run_id = run.id if run else None
    contents = dict(_contents(ws, dataset, version, run_id))
    if not contents:
        raise InputError(
            f"Nothing has been computed on {dataset!r} version {version} yet.",
            "Find interests, measure migration or evaluate first.",
        )
    for name, content in contents.items():
        write_file(out / name, content)
    written = [out / name for name in contents]
    if run and (run.folder / "encoder").is_dir():
        shutil.copytree(run.folder / "encoder", out / "encoder", dirs_exist_ok=True)
        written.append(out / "encoder")
    return written


def _contents(ws: Workspace, dataset: str, version: int, run: str | None) -> Iterator[tuple[str, bytes]]:
    interests = load_interests(ws, dataset, version, run)
    if interests is not None:
        yield "interests.csv", safe_csv(interests.table)
        yield "items.csv", safe_csv(_items(ws, dataset, version, interests))
        yield from _migrations(ws, dataset, version, run, interests)
    for domain in ws.dataset(dataset, version).domains:
        for protocol in ("cold-user", "cold-item", "next-item"):
            card = load_scorecard(ws, dataset, version, protocol, domain)
            if card is not None:
                yield f"scorecard-{protocol}-{domain}.json", to_json(card.to_json()).encode()


def _items(ws: Workspace, dataset: str, version: int, interests: Interests) -> pd.DataFrame:
    items = ws.load_dataset(dataset, version).items[[DOMAIN, ITEM_ID, TITLE]]
    named = {
        f"interest_level_{level}": [interests.name(int(i)) for i in row]
        for level, row in enumerate(interests.item_interest)
    }
    return items.assign(**named)


def _migrations(
    ws: Workspace, dataset: str, version: int, run: str | None, interests: Interests
) -> Iterator[tuple[str, bytes]]:
    for window in ("month", "quarter", "year"):
        for level in range(interests.n_levels):
            found = load_migration(ws, dataset, version, run, window, level)
            if found is None:
                continue
            names = interests.table[NAME]
            flows = found.shown_flows
            flows = flows.assign(
                from_name=flows[FROM_INTEREST].map(names), to_name=flows[TO_INTEREST].map(names)
            )
            yield f"flows-{window}-level{level}.csv", safe_csv(flows)
            yield f"migration-{window}-level{level}.json", to_json(found.to_json(run, interests)).encode()
