"""The demo: the sample through the whole pipeline, and what was planted in it beside what was found."""

from collections import Counter
from dataclasses import asdict
from typing import Any, Final

import pandas as pd

from recsys_core.columns import NAME, SIGNIFICANT
from recsys_core.errors import InputError
from recsys_core.evaluation.planted import planted_and_found
from recsys_core.pipeline import (
    FinetuneOptions,
    ImportRequest,
    evaluate,
    find_interests,
    finetune,
    import_logs,
    load_interests,
    load_migration,
    migrate,
    transfer_matrix,
)
from recsys_core.progress import Progress, Silent
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace

DEMO: Final = "demo"
DEMO_INTERESTS: Final = 12
DEMO_EPOCHS: Final = 6
"""Enough for the sample, whose model is trained four times: for use, and without each shop's test users."""


def run_demo(ws: Workspace, progress: Progress | None = None) -> dict[str, Any]:
    """Load the sample and run the whole flow; what was found, as plain values."""
    progress = progress or Silent()
    progress.stage("Loading the sample")
    info = _import_sample(ws, progress)
    run = finetune(ws, DEMO, FinetuneOptions(mode="head", epochs=DEMO_EPOCHS), progress)
    found, _ = find_interests(ws, DEMO, k=DEMO_INTERESTS, progress=progress)
    migration = migrate(ws, DEMO, progress=progress)
    cards = [evaluate(ws, DEMO, domain, progress=progress) for domain in info.domains]
    matrix = transfer_matrix(ws, DEMO, progress=progress)
    planted = planted_and_detected(ws, DEMO)
    return {
        "dataset": info.name,
        "version": info.version,
        "run": run.id,
        "interests": [str(name) for name in found.at_level(0)[NAME]],
        "significant_flows": int(migration.flows[SIGNIFICANT].sum()),
        "verdicts": {card.target: asdict(card.verdict) if card.verdict else None for card in cards},
        "transfer": dict(Counter(one.transfer for one in matrix.from_one)),
        "planted": planted.to_dict("records"),
    }


def planted_and_detected(ws: Workspace, dataset: str, version: int | None = None) -> pd.DataFrame:
    """What the sample's generator planted beside what was found; see ``evaluation.planted``.

    Raises InputError for a dataset that isn't the sample, or where nothing has been measured yet.
    """
    from sample_data import read_truth

    data = ws.load_dataset(dataset, version)
    used = ws.run_in_use(dataset, data.version)
    run_id = used.id if used else None
    interests = load_interests(ws, dataset, data.version, run_id)
    migration = load_migration(ws, dataset, data.version, run_id, "quarter", 0)
    if dataset != DEMO or interests is None or migration is None:
        raise InputError(
            f"Nothing is known to be planted in {dataset!r}, or its migration has not been measured yet.",
            "Load the demo and let it finish.",
        )
    return planted_and_found(data, interests, migration, read_truth())


def _import_sample(ws: Workspace, progress: Progress) -> DatasetInfo:
    """The sample's domains as one dataset; nothing is imported twice."""
    from sample_data import DOMAINS, interactions_file, items_file

    existing = ws.versions(DEMO)
    if existing and set(existing[-1].domains) == set(DOMAINS):
        return existing[-1]
    files, items = tuple(map(interactions_file, DOMAINS)), tuple(map(items_file, DOMAINS))
    return import_logs(ws, ImportRequest.of(DEMO, files, items=items), progress).info
