"""From per-user numbers of one or more splits to the scorecard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import USER
from recsys_core.evaluation.cold_curve import cold_curve
from recsys_core.evaluation.exposure import of_all_lists
from recsys_core.evaluation.kept import ModelResult
from recsys_core.evaluation.resampled import Resampled
from recsys_core.evaluation.scorecard import Compared, ModelScore, Scorecard
from recsys_core.evaluation.slices import labels, largest_gaps, slice_scores
from recsys_core.evaluation.splits import Split
from recsys_core.randomness import rng_from
from recsys_core.recommend.registry import BLEND, POPULARITIES, WITH_TEXT
from recsys_core.recommend.transfer import Verdict, verdict

Rows = NDArray[np.int64]
PRIMARY = "ndcg@10"


@dataclass(frozen=True, eq=False)
class Trial:
    """One split. ``per_user``: as in Scorecard. ``lists``: model → (P, k) positions as in ``judging``, rows
    as in ``per_user``. ``costs``: model → (seconds to fit, peak MB, ms per user). ``choices``: model → what
    validation chose. ``against``: the popularity of these that did best on validation, or "".
    ``quality``: model → mean NDCG@10 on validation. ``known``: ``known``, ``user`` and a column per model of
    ``cold_curve.known_scores``; no rows where the protocol is not cold-user.
    ``refused``: model → why it was left out.
    """

    per_user: pd.DataFrame
    lists: Mapping[str, Rows]
    costs: Mapping[str, tuple[float, float, float]]
    choices: Mapping[str, str]
    against: str
    quality: Mapping[str, float]
    known: pd.DataFrame
    refused: Mapping[str, str] = field(default_factory=dict)


def trial_of(people: pd.DataFrame, results: Mapping[str, ModelResult], refused: Mapping[str, str]) -> Trial:
    """The results of all models on one split; ``people``: the columns of ``per_user`` that no model makes."""
    columns = {
        f"{name} {metric}": result.per_user[metric].to_numpy(np.float64)
        for name, result in results.items()
        for metric in result.per_user.columns.drop(USER)
    }
    popular = [name for name in POPULARITIES if name in results]
    curves = [
        result.known.rename(columns={"value": name}).set_index(["known", USER])
        for name, result in results.items()
    ]
    return Trial(
        per_user=pd.concat([people, pd.DataFrame(columns, index=people.index)], axis=1),
        lists={name: result.lists for name, result in results.items()},
        costs={n: (r.fit_seconds, r.peak_rss_mb, r.ms_per_user) for n, r in results.items()},
        choices={name: result.choices for name, result in results.items()},
        against=max(popular, key=lambda name: results[name].quality) if popular else "",
        quality={name: result.quality for name, result in results.items()},
        known=pd.concat(curves, axis=1).reset_index() if curves else pd.DataFrame(),
        refused=refused,
    )


def summarise(splits: Sequence[Split], trials: Sequence[Trial], names: Sequence[str]) -> Scorecard:
    """One scorecard over the trials of the same target; a user tested in two splits counts once, by
    the mean over splits, and is resampled as one.
    """
    per_user = pd.concat([trial.per_user for trial in trials], ignore_index=True)
    by_user = per_user[[USER, *_measures(per_user, names)]].groupby(USER).mean()
    slices, gaps = _by_group(by_user, per_user, names)
    first = splits[0]
    domains, n_candidates = first.train.domains, len(first.train.domain_items(first.target))
    references = references_of(trials, names)
    found = _models(by_user, per_user, trials, names, references, n_candidates)
    models = sorted(found, key=lambda model: -model.metrics[PRIMARY].mean)
    return Scorecard(
        protocol=first.protocol,
        target=domains[first.target],
        sources=tuple(domains[source] for source in first.sources),
        split_hash="-".join(split.hash for split in splits),
        n_users=len(by_user),
        n_candidates=n_candidates,
        seeds=tuple(split.seed for split in splits),
        models=tuple(models),
        verdict=_verdict(by_user, trials[0].against, names),
        per_user=per_user,
        refused={name: why for trial in trials for name, why in trial.refused.items()},
        references=references,
        curve=cold_curve([trial.known for trial in trials], names),
        slices=slices,
        gaps=gaps,
    )


def _by_group(
    by_user: pd.DataFrame, per_user: pd.DataFrame, names: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of every slice the scores by group, and the largest gaps."""
    primary = by_user[[f"{name} {PRIMARY}" for name in names]].set_axis(list(names), axis=1)
    of = labels(per_user)
    scores = [slice_scores(primary, names, groups, title) for title, groups in of.items()]
    gaps = [largest_gaps(primary, names, groups, title) for title, groups in of.items()]
    return _together(scores), _together(gaps)


def _together(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows; the columns, where there are none."""
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def references_of(trials: Sequence[Trial], names: Sequence[str]) -> dict[str, str]:
    """What the others are compared with, by validation: ``popularity``, and ``classical``, the best of those
    that go by events alone, popularity among them. Left out where no such model is in ``names``.
    """
    found = {"popularity": trials[0].against} if trials[0].against in names else {}
    quality = {name: sum(trial.quality[name] for trial in trials) for name in names if name not in WITH_TEXT}
    return found | ({"classical": max(quality, key=quality.__getitem__)} if quality else {})


def _models(
    by_user: pd.DataFrame,
    per_user: pd.DataFrame,
    trials: Sequence[Trial],
    names: Sequence[str],
    references: Mapping[str, str],
    n_candidates: int,
) -> list[ModelScore]:
    found = Resampled.of(by_user, rng_from(0, "intervals"))
    return [
        ModelScore(
            name,
            {metric: found.mean(f"{name} {metric}") for metric in _metrics(by_user, name)}
            | of_all_lists(name, per_user, [trial.lists[name] for trial in trials], n_candidates),
            fit_seconds=float(np.mean([trial.costs[name][0] for trial in trials])),
            peak_rss_mb=max(trial.costs[name][1] for trial in trials),
            choices=" | ".join(dict.fromkeys(trial.choices[name] for trial in trials)),
            ms_per_user=float(np.mean([trial.costs[name][2] for trial in trials])),
            compared={
                other: _compared(found, name, other, _metrics(by_user, name))
                for other in dict.fromkeys(references.values())
            },
        )
        for name in names
    ]


def _compared(found: Resampled, name: str, other: str, metrics: Sequence[str]) -> Compared:
    differences = {metric: found.difference(f"{name} {metric}", f"{other} {metric}") for metric in metrics}
    return Compared(differences, found.ratio(f"{name} {PRIMARY}", f"{other} {PRIMARY}"))


def _metrics(by_user: pd.DataFrame, name: str) -> list[str]:
    return [column.removeprefix(f"{name} ") for column in _measures(by_user, [name])]


def _measures(per_user: pd.DataFrame, names: Sequence[str]) -> list[str]:
    """The columns that tell of the models ``names``."""
    columns = [str(column) for column in per_user.columns]
    return [column for name in names for column in columns if column.startswith(f"{name} ")]


def _verdict(by_user: pd.DataFrame, against: str, names: Sequence[str]) -> Verdict | None:
    if BLEND not in names or f"{against} {PRIMARY}" not in by_user:
        return None
    ours, theirs = (by_user[f"{name} {PRIMARY}"].to_numpy(np.float64) for name in (BLEND, against))
    return verdict(ours, theirs, against, rng_from(0, "verdict"))
