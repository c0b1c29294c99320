"""The logs that proofs are made on, real and invented, imported as a user would."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import TEXT
from recsys_core.encoder.cache import VectorCache
from recsys_core.encoder.loading import load_encoder
from recsys_core.evaluation.splits import ColdUsers
from recsys_core.pipeline import import_logs
from recsys_core.recommend.answers import ranks
from recsys_core.training.trained_model import TrainedModel
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace
from sample_data import DOMAINS, FOLDER

LOGS = "DRIFTMAP_BENCH_LOGS"
Floats = NDArray[np.float32]


def shop(folder: Path, *domains: str) -> tuple[Dataset, Floats]:
    """The domains as one dataset and the frozen encoder's vectors (I, 384) of its items' texts.

    Reads ``<domain>.csv.gz`` and ``<domain>_items.csv.gz`` in the folder that DRIFTMAP_BENCH_LOGS names;
    skips the test where there is none.
    """
    logs = Path(os.environ.get(LOGS, ""))
    if not os.environ.get(LOGS) or not logs.is_dir():
        pytest.skip(f"{LOGS} names no folder with the shop's logs")
    ws = Workspace.open(folder)
    for domain in domains:
        files, items = [logs / f"{domain}.csv.gz"], [logs / f"{domain}_items.csv.gz"]
        import_logs(ws, ImportRequest.of("shop", files, domain, items))
    return _read(ws, "shop")


def sample(folder: Path, made: Path = FOLDER) -> tuple[Dataset, Floats]:
    """The same of the invented sample, or of one that its generator ``made``, as the dataset "sample"."""
    ws = Workspace.open(folder)
    files = [made / f"{domain}.csv.gz" for domain in DOMAINS]
    items = [made / f"{domain}_items.csv.gz" for domain in DOMAINS]
    import_logs(ws, ImportRequest.of("sample", files, items=items))
    return _read(ws, "sample")


def _read(ws: Workspace, name: str) -> tuple[Dataset, Floats]:
    dataset = ws.load_dataset(name)
    return dataset, VectorCache(ws.root / "vectors").encode(load_encoder(), dataset.items[TEXT].tolist())


def by_cosine(model: TrainedModel, cold: ColdUsers) -> Floats:
    """(P, T) cosine between what a user asks of the target and its items; no popularity."""
    items = np.flatnonzero(model.model.item_domain.numpy() == cold.target)
    return _unit(model.states(cold.histories, cold.target)) @ _unit(model.item_vectors[items]).T


def without_prior(model: TrainedModel, cold: ColdUsers) -> Floats:
    """(P, T) scores without popularity, of which an item that nobody has taken yet knows nothing."""
    items = np.flatnonzero(model.model.item_domain.numpy() == cold.target)
    scores: Floats = model.score(cold.histories, cold.target) - model.item_prior[items]
    return scores


def by_mean_cosine(vectors: Floats, cold: ColdUsers, dataset: Dataset) -> Floats:
    """(P, T) cosine between the mean of a history's vectors and each item of the target."""
    means = np.stack([vectors[h.items].mean(0) for h in cold.histories])
    return _unit(means) @ _unit(vectors[dataset.domain_items(cold.target)]).T


def ranks_of_new(scores: Floats, cold: ColdUsers, dataset: Dataset) -> list[NDArray[np.int64]]:
    """The ranks of each user's true items among the target's, without those of their history."""
    items = dataset.domain_items(cold.target)
    left = np.array(scores)
    for row, (history, true) in enumerate(zip(cold.histories, cold.truth, strict=True)):
        seen = np.isin(items, history.items)
        seen[true] = False
        left[row, seen] = -np.inf
    return ranks(left, cold.truth)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Columns in line."""
    lines = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) for line in lines)


def _unit(vectors: Floats) -> Floats:
    long: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return long
