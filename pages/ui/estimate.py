"""What a fine-tune will take: from one like it that this machine has done, else from the size of the data."""

from collections.abc import Sequence
from typing import Final

from recsys_core.jobs.job import Job, Status
from recsys_core.workspace.records import DatasetInfo

START_SECONDS: Final = 8.0
ITEMS_PER_SECOND: Final = 150.0
EVENTS_PER_SECOND: Final = 15_000.0
TIMES_SLOWER: Final = {"head": 0.0, "lora": 2.0, "full": 3.0}
"""Passes over the texts of all items that an epoch costs on top, in units of encoding them once."""


def estimate_seconds(jobs: Sequence[Job], info: DatasetInfo, mode: str, epochs: int) -> float:
    """Seconds. ``jobs``: newest first; a finished one of the same mode on the same data is the best guide."""
    for job in jobs:
        same = job.kind == "finetune" and job.dataset == info.name and job.params.get("mode") == mode
        if same and job.status is Status.FINISHED:
            before = int(job.params.get("epochs") or epochs)
            return START_SECONDS + max(0.0, job.seconds - START_SECONDS) * epochs / before
    texts = info.n_items / ITEMS_PER_SECOND
    return START_SECONDS + texts + epochs * (info.n_events / EVENTS_PER_SECOND + TIMES_SLOWER[mode] * texts)
