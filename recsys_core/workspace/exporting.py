"""What leaves the house: tables without people, groups under ten users left out."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from recsys_core.access import Role
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import (
    COHORT,
    DOMAIN,
    FEWEST,
    FROM_INTEREST,
    ITEM_ID,
    LEVEL,
    NAME,
    TITLE,
    TO_INTEREST,
    WINDOW_SIZE,
)
from recsys_core.errors import InputError
from recsys_core.evaluation.protocols import PROTOCOLS
from recsys_core.interests.interests import Interests
from recsys_core.interests.telling import told_interests
from recsys_core.migration.migration import Migration
from recsys_core.migration.question import Answer
from recsys_core.parts import Parts
from recsys_core.workspace.feedback import told_feedback
from recsys_core.workspace.files import to_json, write_file
from recsys_core.workspace.gate import takes
from recsys_core.workspace.naming import load_interests
from recsys_core.workspace.recording import run_for
from recsys_core.workspace.safe_csv import safe_csv
from recsys_core.workspace.saved import ANSWERS, load_scorecard, load_transfer
from recsys_core.workspace.workspace import Workspace


@takes(Role.VIEWER, "export results")
def export(
    ws: Workspace, dataset: str, out: Path, run: str | None = None, version: int | None = None
) -> list[Path]:
    """Write what is known of a dataset version into the folder ``out``, with the named run or the one in use;
    the paths written.

    Interests and items with their interests, migration (aggregated: no user ids), what people said of
    titles, scorecards, the transfer matrix, and the fine-tuned encoder where the run has one. Existing files
    of the same names are replaced whole. Raises InputError where nothing has been computed yet, or ``out`` is
    a file.

    Of groups under ten users nothing is told: flows that rest on fewer, and steps of the crowd from or to a
    window of fewer, have no row, also among the flows that were asked for of a part of the crowd; where a
    window has fewer, ``n_users`` of ``migration-….json`` is null; measures of the crowd on titles taken in
    both windows that rest on fewer are empty; where domains share fewer, ``n_shared`` of ``transfer.json`` is
    null.
    """
    if out.exists() and not out.is_dir():
        raise InputError(f"{out} is a file.", "Name a folder to export into.")
    number, used = ws.dataset(dataset, version).version, run_for(ws, dataset, version, run)
    contents = dict(_contents(ws, dataset, number, used.id if used else None))
    if not contents:
        raise InputError(
            f"Nothing has been computed on {dataset!r} version {number} yet.",
            "Find interests, measure migration or evaluate first.",
        )
    for name, content in contents.items():
        write_file(out / name, content)
    written = [out / name for name in contents]
    if used and (used.folder / "encoder").is_dir():
        shutil.copytree(used.folder / "encoder", out / "encoder", dirs_exist_ok=True)
        written.append(out / "encoder")
    return written


def _contents(ws: Workspace, dataset: str, version: int, run: str | None) -> Iterator[tuple[str, bytes]]:
    interests = load_interests(ws, dataset, version, run)
    if interests is not None:
        data = ws.load_dataset(dataset, version)
        yield "interests.csv", safe_csv(told_interests(data, interests))
        yield "items.csv", safe_csv(_items(data, interests))
        yield from _migrations(ws, dataset, version, run, interests)
    said = told_feedback(ws, dataset)
    if len(said):
        yield "feedback.csv", safe_csv(said)
    for domain in ws.dataset(dataset, version).domains:
        for protocol in PROTOCOLS:
            card = load_scorecard(ws, dataset, version, protocol, domain)
            if card is not None:
                yield f"scorecard-{protocol}-{domain}.json", to_json(card.to_json()).encode()
    matrix = load_transfer(ws, dataset, version)
    if matrix is not None:
        yield "transfer.json", to_json(matrix.to_json()).encode()


def _items(data: Dataset, interests: Interests) -> pd.DataFrame:
    items = data.items[[DOMAIN, ITEM_ID, TITLE]]
    named = {
        f"interest_level_{level}": [interests.name(int(i)) for i in row]
        for level, row in enumerate(interests.item_interest)
    }
    return items.assign(**named)


def _migrations(
    ws: Workspace, dataset: str, version: int, run: str | None, interests: Interests
) -> Iterator[tuple[str, bytes]]:
    for parts in _of_interests(ws, "migration", dataset, version, run):
        found = Migration.from_parts(parts)
        name = f"{found.window_size}-level{found.level}"
        yield f"flows-{name}.csv", safe_csv(_named(found.shown_flows, interests))
        yield f"population-{name}.csv", safe_csv(found.shown_population)
        yield f"migration-{name}.json", to_json(found.to_json(run, interests)).encode()
    asked = [_asked(Answer.from_parts(parts)) for parts in _of_interests(ws, ANSWERS, dataset, version, run)]
    if asked:
        yield "flows-asked.csv", safe_csv(_named(pd.concat(asked, ignore_index=True), interests))


def _of_interests(ws: Workspace, kind: str, dataset: str, version: int, run: str | None) -> Iterator[Parts]:
    """What speaks of the interests as they are: what is older speaks of others by the same numbers."""
    (newest,) = ws.results("interests", dataset, version, run)
    for info in ws.results(kind, dataset, version, run):
        parts = ws.load_result(kind, dataset, version, run, info.key) if info.id > newest.id else None
        if parts:
            yield parts


def _asked(answer: Answer) -> pd.DataFrame:
    """The flows that may leave the house, each row with what was asked for: ``window_size``, ``level``,
    ``domain`` ("": all), ``fewest`` (events of a person), ``cohort`` (how many people; empty: everybody).
    """
    flows = answer.shown_flows.copy()
    for place, column in enumerate((WINDOW_SIZE, LEVEL, DOMAIN, FEWEST, COHORT)):
        flows.insert(place, column, answer.document[column])
    return flows.astype({COHORT: "Int64"})


def _named(flows: pd.DataFrame, interests: Interests) -> pd.DataFrame:
    names = interests.table[NAME]
    return flows.assign(from_name=flows[FROM_INTEREST].map(names), to_name=flows[TO_INTEREST].map(names))
