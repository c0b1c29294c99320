"""Every model fitted, chosen and judged on the same splits: the way to a scorecard."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import USER
from recsys_core.errors import NotEnoughDataError, ResourceError
from recsys_core.evaluation.attribute_groups import attribute_values
from recsys_core.evaluation.cold_curve import known_scores
from recsys_core.evaluation.cost import Cost
from recsys_core.evaluation.judging import Judged, judge
from recsys_core.evaluation.kept import KeepsNothing, Kept, ModelResult, code_of
from recsys_core.evaluation.lists import ItemFacts, list_measures
from recsys_core.evaluation.metrics import ALL_METRICS, metrics_at, roc_auc
from recsys_core.evaluation.own_groups import own_values
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.slices import is_head, main_interest
from recsys_core.evaluation.splits import Split
from recsys_core.evaluation.summary import Trial, summarise, trial_of
from recsys_core.progress import Progress, Silent
from recsys_core.randomness import rng_from
from recsys_core.recommend.affordable import check_affordable
from recsys_core.recommend.choosing import Chosen, choose, learn_blend
from recsys_core.recommend.recommender import HistoryScorer, Recommender, Training
from recsys_core.recommend.registry import BLEND, DEFAULTS, NEEDS_MODEL, check_names, members, needs_model

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Train = Callable[[Split], HistoryScorer]


@dataclass(frozen=True, eq=False)
class Fitted:
    """A model ready for the test users, with what validation chose and what it cost."""

    recommender: Recommender
    choices: str
    seconds: float
    peak_rss_mb: float


def score_models(
    splits: Sequence[Split],
    text_vectors: Floats,
    names: Sequence[str] = DEFAULTS,
    train: Train | None = None,
    progress: Progress | None = None,
    interest: Rows | None = None,
    kept: Kept | None = None,
) -> Scorecard:
    """Every recommender in ``names`` on the test users of every split (one per seed, one target).

    Hyper-parameters and the blend's weights are chosen on the validation users with models fitted on
    ``split.train``; then everything is fitted once more on ``split.final``. ``text_vectors``: (I, dim).
    ``train``: gives an interest model that learned from ``split.train`` only; without it that model
    is left out. ``interest``: (I,) the interest of each item; without it calibration is left out.
    ``kept``: results of earlier scorings; what is there is not fitted again, save as a member of the blend.

    What would not fit into memory is left out, with its reason in ``Scorecard.refused``.

    Raises InputError for an unknown name, NotEnoughDataError where no name is left or nobody is tested,
    ResourceError where memory is too short for everything named.
    """
    names, progress = _possible(check_names(names), train), progress or Silent()
    if not all(len(split.test) for split in splits):
        raise NotEnoughDataError("The split holds no test user.", "Import a longer log.")
    kept = kept or KeepsNothing()
    trials = [_trial(split, text_vectors, names, train, progress, interest, kept) for split in splits]
    refused = {name: why for trial in trials for name, why in trial.refused.items()}
    left = tuple(name for name in names if name not in refused)
    if not left:
        raise ResourceError(" ".join(refused.values()))
    return summarise(splits, trials, left)


def _possible(names: Sequence[str], train: Train | None) -> tuple[str, ...]:
    left = tuple(name for name in names if name not in NEEDS_MODEL or train is not None)
    if not left:
        raise NotEnoughDataError(
            "There is no interest model to score.", "Fine-tune one, or name another model."
        )
    return left


def _trial(
    split: Split,
    text_vectors: Floats,
    names: Sequence[str],
    train: Train | None,
    progress: Progress,
    interest: Rows | None,
    kept: Kept,
) -> Trial:
    """One split: what is not kept is fitted, judged and kept."""
    facts = ItemFacts.of(split.final, split.target, text_vectors, interest)
    codes = {name: code_of(name, interest) for name in names}
    earlier = {name: kept.load(split.hash, name, codes[name]) for name in names}
    found = {name: result for name, result in earlier.items() if result is not None}
    missing, refused = tuple(name for name in names if name not in found), dict[str, str]()
    if missing:
        results, refused = _results(split, text_vectors, missing, train, progress, facts)
        for name, result in results.items():
            kept.save(split.hash, name, codes[name], result)
            found[name] = result
    refused = {name: why for name, why in refused.items() if name in names}
    return trial_of(people(split, facts), {name: found[name] for name in names if name in found}, refused)


def _results(
    split: Split,
    text_vectors: Floats,
    names: Sequence[str],
    train: Train | None,
    progress: Progress,
    facts: ItemFacts,
) -> tuple[dict[str, ModelResult], dict[str, str]]:
    """Fit all, then judge all; and why some were left out."""
    training = Training(split.train, split.target, text_vectors, None, int(split.train.time.max()))
    with Cost() as cost:
        model = train(split) if train is not None and needs_model(names) else None
    training = replace(training, model=model)
    progress.stage(f"Scoring {split.target_name} (seed {split.seed})")
    fitted, quality, refused = _fit_all(split, training, names, cost, progress)
    done = [name for name in names if name not in refused]
    results = {name: _result(fitted[name], quality.get(name, math.nan), split, facts) for name in done}
    return results, refused


def _result(fitted: Fitted, quality: float, split: Split, facts: ItemFacts) -> ModelResult:
    judged = judge(fitted.recommender, split.test, facts.rows)
    return ModelResult(
        per_user=pd.DataFrame({USER: split.test.users, **_measured(judged, split, facts)}),
        lists=judged.lists,
        known=_known(fitted.recommender, split, facts.rows),
        fit_seconds=fitted.seconds,
        peak_rss_mb=fitted.peak_rss_mb,
        ms_per_user=judged.ms_per_user,
        choices=fitted.choices,
        quality=quality,
    )


def _known(recommender: Recommender, split: Split, items: Rows) -> pd.DataFrame:
    if split.protocol != "cold-user":
        return pd.DataFrame(columns=["known", USER, "value"])
    return known_scores(recommender, split.test, items, split.seed)


def _measured(judged: Judged, split: Split, facts: ItemFacts) -> dict[str, NDArray[np.float64]]:
    """Every number there is per person (P,), by name."""
    of_ranks = metrics_at(judged.ranks, metrics=ALL_METRICS)
    of_all = {"auc": roc_auc(judged.ranks, judged.n_candidates)}
    return of_ranks | of_all | list_measures(judged.lists, facts, split.test.profiles)


def people(split: Split, facts: ItemFacts) -> pd.DataFrame:
    """A row per test user: ``seed, user, n_known, n_truth``; of what they took ``truth_popularity``, the mean
    fraction of the domain's users who took it, ``truth_head``, the fraction of it in the head, and
    ``truth_interest``, its commonest interest, -1 where none have been found; and the columns of
    ``attribute_groups``.
    """
    test, head = split.test, is_head(split.final, split.target)
    interest = None if facts.interest is None else facts.interest[facts.rows]
    popularity = [float(facts.popularity[true].mean()) for true in test.truth]
    numbers = pd.DataFrame(
        {
            "seed": split.seed,
            USER: test.users,
            "n_known": [len(profile.history) for profile in test.profiles],
            "n_truth": [len(true) for true in test.truth],
            "truth_popularity": popularity,
            "truth_head": [float(head[true].mean()) for true in test.truth],
            "truth_interest": [-1 if interest is None else main_interest(interest[t]) for t in test.truth],
        }
    )
    return numbers.join(attribute_values(test, split.final)).join(own_values(test, split.final))


def _fit_all(
    split: Split, training: Training, names: Sequence[str], trained: Cost, progress: Progress
) -> tuple[dict[str, Fitted], dict[str, float], dict[str, str]]:
    """Everything in ``names`` fitted for the test, how well each did on validation, and why others were
    refused.
    """
    final = replace(training, dataset=split.final, now=int(split.final.time.max()))
    wanted = _wanted(names, training)
    chosen: dict[str, Chosen] = {}
    fitted: dict[str, Fitted] = {}
    refused: dict[str, str] = {}
    for done, name in enumerate(wanted):
        progress.check_cancelled()
        progress.advance(done, len(wanted) + 1, f"fitting {name}")
        try:
            with Cost() as cost:
                best = choose(name, training, split.validation.answers, split.seed)
                check_affordable(best.recommender, final)
                last = best.recommender.fit(final, rng_from(split.seed, "final", name))
        except ResourceError as refusal:
            refused[name] = str(refusal)
            progress.log(f"Left out: {refusal}")
            continue
        chosen[name] = best
        more = trained if name in NEEDS_MODEL else None
        fitted[name] = _told(last, chosen[name].choices, cost, more)
    if BLEND in names:
        progress.advance(len(wanted), len(wanted) + 1, "weighing the blend")
        fitted[BLEND] = _blend(split, training, chosen, fitted)
    return fitted, {name: one.quality for name, one in chosen.items()}, refused


def _wanted(names: Sequence[str], training: Training) -> tuple[str, ...]:
    """``names`` and the members of the blend, less the blend and less what can't be fitted."""
    learned = training.model is not None
    with_members = (*names, *members(learned)) if BLEND in names else tuple(names)
    possible = (name for name in with_members if name not in NEEDS_MODEL or learned)
    return tuple(dict.fromkeys(name for name in possible if name != BLEND))


def _blend(split: Split, training: Training, chosen: dict[str, Chosen], fitted: dict[str, Fitted]) -> Fitted:
    """Weights learned with the members that saw ``split.train``, members of the last fit."""
    used = [name for name in members(training.model is not None) if name in chosen]
    with Cost() as cost:
        blend = learn_blend([chosen[name] for name in used], training, split.validation.answers, split.seed)
    last = replace(blend, members=tuple(fitted[name].recommender for name in used))
    seconds = cost.seconds + sum(fitted[name].seconds for name in used)
    peak = max(cost.peak_rss_mb, *(fitted[name].peak_rss_mb for name in used))
    choices = ", ".join(f"{name} {weight:.2f}" for name, weight in blend.say.items())
    return Fitted(last, choices, seconds, peak)


def _told(recommender: Recommender, choices: str, cost: Cost, more: Cost | None) -> Fitted:
    if more is None:
        return Fitted(recommender, choices, cost.seconds, cost.peak_rss_mb)
    peak = max(cost.peak_rss_mb, more.peak_rss_mb)
    return Fitted(recommender, choices, cost.seconds + more.seconds, peak)
