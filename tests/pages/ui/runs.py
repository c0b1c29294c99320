"""Literal runs for the tests of what is said about them."""

from datetime import UTC, datetime
from pathlib import Path

from recsys_core.workspace.records import RunInfo, RunStatus
from recsys_core.workspace.storage.storage import Kept, LocalDisk

BEGAN = datetime(2026, 3, 1, 14, 5, tzinfo=UTC)
NOWHERE = Path("/nowhere")


def run(
    number: int = 1,
    mean: float | None = None,
    *,
    status: RunStatus = RunStatus.FINISHED,
    version: int = 1,
    metrics: dict[str, object] | None = None,
    folder: Path = NOWHERE,
    name: str = "",
    **options: object,
) -> RunInfo:
    """``mean``: its NDCG@10, give or take 0.01, on 100 users."""
    scores: dict[str, object] = {}
    if mean is not None:
        kept = {"mean": mean, "low": mean - 0.01, "high": mean + 0.01}
        scores = {
            "validation_ndcg@10": mean,
            "validation_low": mean - 0.01,
            "validation_high": mean + 0.01,
            "validation_users": 100,
            "validation": {"ndcg@10": kept},
        }
    return RunInfo(
        f"run-{number}",
        name or f"run {number}",
        "shop",
        version,
        status,
        BEGAN,
        None,
        options,
        scores | (metrics or {}),
        Kept(LocalDisk(folder.parent), folder.name),
        in_use=False,
    )
