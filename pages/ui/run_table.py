"""The table of runs."""

from collections.abc import Mapping, Sequence

import pandas as pd

from pages.ui.job_log import when
from pages.ui.phrases import count
from pages.ui.progress import duration
from pages.ui.run_jobs import Fate
from pages.ui.run_words import DEFAULT_EPOCHS, encoder_of, score_of, status_of
from recsys_core.workspace.records import RunInfo

MODE_WORDS = {"head": "Quick", "lora": "Light", "full": "Full"}


def runs_table(runs: Sequence[RunInfo], fates: Mapping[str, Fate]) -> pd.DataFrame:
    """A readable row per run, newest first; what an older run has not recorded is blank."""
    return pd.DataFrame(
        {
            "Model": [run.name for run in runs],
            "In use": ["yes" if run.in_use else "" for run in runs],
            "Status": [status_of(run, run.id in fates and fates[run.id].interrupted) for run in runs],
            "Score": [score_of(run) for run in runs],
            "Held-out users": [judged_on(run) for run in runs],
            "Learns": [MODE_WORDS.get(str(run.options.get("mode")), "") for run in runs],
            "Epochs at most": [str(run.options.get("epochs") or DEFAULT_EPOCHS) for run in runs],
            "Seed": [str(run.options.get("seed", 0)) for run in runs],
            "Data version": [str(run.version) for run in runs],
            "Took": [took(run) for run in runs],
            "Started": [when(run.created) for run in runs],
            "Language model": [encoder_of(run) for run in runs],
            "Device": [str(run.metrics.get("device", "")) for run in runs],
            "Recall@10": [score_of(run, "recall@10") for run in runs],
            "Hit@10": [score_of(run, "hit@10") for run in runs],
            "MRR@10": [score_of(run, "mrr@10") for run in runs],
        }
    )


def judged_on(run: RunInfo) -> str:
    """On how many users it was judged, "" where on none."""
    users = run.metrics.get("validation_users")
    return count(users) if users else ""


def took(run: RunInfo) -> str:
    """How long its training took, "" where that was not recorded."""
    seconds = run.metrics.get("seconds")
    return "" if seconds is None else duration(float(seconds))
