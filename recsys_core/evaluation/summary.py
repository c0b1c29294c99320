"""From per-user numbers of one or more splits to the scorecard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from recsys_core.columns import USER
from recsys_core.evaluation.scorecard import ModelScore, Scorecard
from recsys_core.evaluation.splits import Split
from recsys_core.randomness import rng_from
from recsys_core.recommend.paired import intervals
from recsys_core.recommend.registry import BLEND
from recsys_core.recommend.transfer import Verdict, verdict

PRIMARY = "ndcg@10"


@dataclass(frozen=True, eq=False)
class Trial:
    """One split. ``per_user``: as in Scorecard. ``costs``: model → (seconds, peak MB). ``choices``:
    model → what validation chose. ``against``: the popularity that did best on validation, or "".
    ``refused``: model → why it was left out.
    """

    per_user: pd.DataFrame
    costs: Mapping[str, tuple[float, float]]
    choices: Mapping[str, str]
    against: str
    refused: Mapping[str, str] = field(default_factory=dict)


def summarise(splits: Sequence[Split], trials: Sequence[Trial], names: Sequence[str]) -> Scorecard:
    """One scorecard over the trials of the same target; a user tested in two splits counts once, by
    the mean over splits, and is resampled as one.
    """
    per_user = pd.concat([trial.per_user for trial in trials], ignore_index=True)
    by_user = per_user.drop(columns=["seed", "n_known", "n_truth"]).groupby(USER).mean()
    models = sorted(_models(by_user, trials, names), key=lambda model: -model.metrics[PRIMARY].mean)
    first = splits[0]
    domains = first.train.domains
    return Scorecard(
        protocol=first.protocol,
        target=domains[first.target],
        sources=tuple(domains[source] for source in first.sources),
        split_hash="-".join(split.hash for split in splits),
        n_users=len(by_user),
        n_candidates=len(first.train.domain_items(first.target)),
        seeds=tuple(split.seed for split in splits),
        models=tuple(models),
        verdict=_verdict(by_user, trials[0].against, names),
        per_user=per_user,
        refused={name: why for trial in trials for name, why in trial.refused.items()},
    )


def _models(by_user: pd.DataFrame, trials: Sequence[Trial], names: Sequence[str]) -> list[ModelScore]:
    found = intervals(by_user.to_numpy(np.float64), rng_from(0, "intervals"))
    by_column = dict(zip(by_user.columns, found, strict=True))
    return [
        ModelScore(
            name,
            {
                column.removeprefix(f"{name} "): interval
                for column, interval in by_column.items()
                if column.startswith(f"{name} ")
            },
            fit_seconds=float(np.mean([trial.costs[name][0] for trial in trials])),
            peak_rss_mb=max(trial.costs[name][1] for trial in trials),
            choices=" | ".join(dict.fromkeys(trial.choices[name] for trial in trials)),
        )
        for name in names
    ]


def _verdict(by_user: pd.DataFrame, against: str, names: Sequence[str]) -> Verdict | None:
    if BLEND not in names or f"{against} {PRIMARY}" not in by_user:
        return None
    ours, theirs = (by_user[f"{name} {PRIMARY}"].to_numpy(np.float64) for name in (BLEND, against))
    return verdict(ours, theirs, against, rng_from(0, "verdict"))
