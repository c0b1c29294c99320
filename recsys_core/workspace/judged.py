"""What every validation user of a run got, kept with the run so that two runs can be compared in pairs."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.randomness import rng_from
from recsys_core.recommend.paired import Interval, intervals
from recsys_core.workspace.files import write_file
from recsys_core.workspace.records import RunInfo

FILE: Final = "validation.parquet"
"""A row per user in the order of the split, without an id; goes where a person is removed from the data."""


def save_scores(folder: Path, scores: pd.DataFrame) -> None:
    """``scores``: a row per validation user, a column per measure; see ``evaluation.validation``."""
    buffer = io.BytesIO()
    scores.to_parquet(buffer)
    write_file(folder / FILE, buffer.getvalue())


def paired_differences(one: RunInfo, other: RunInfo) -> Mapping[str, Interval]:
    """Per measure: the mean of ``one`` less that of ``other``, with a 95 % interval over the same users.

    {} where they were not judged on the same users, or what each user got was not kept.
    """
    ours, theirs = _scores(one), _scores(other)
    if not judged_alike(one, other) or ours is None or theirs is None or len(ours) != len(theirs):
        return {}
    measures = [column for column in ours.columns if column in theirs.columns]
    if ours.empty or not measures:
        return {}
    apart = ours[measures].to_numpy(np.float64) - theirs[measures].to_numpy(np.float64)
    return dict(zip(measures, intervals(apart, rng_from(0, "runs")), strict=True))


def judged_alike(one: RunInfo, other: RunInfo) -> bool:
    """Whether both were judged on the same users: the same split of the same version."""
    split = one.options.get("split_hash")
    return bool(split) and split == other.options.get("split_hash") and one.version == other.version


def _scores(run: RunInfo) -> pd.DataFrame | None:
    file = run.folder / FILE
    return pd.read_parquet(file) if file.is_file() else None
