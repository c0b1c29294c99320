"""Every model fitted, chosen and judged on the same splits: the way to a scorecard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.columns import USER
from recsys_core.errors import NotEnoughDataError, ResourceError
from recsys_core.evaluation.cost import Cost
from recsys_core.evaluation.metrics import metrics_at, true_ranks
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.splits import Split
from recsys_core.evaluation.summary import Trial, summarise
from recsys_core.progress import Progress, Silent
from recsys_core.randomness import rng_from
from recsys_core.recommend.choosing import Chosen, choose, learn_blend, popularity_of
from recsys_core.recommend.memory import check_memory
from recsys_core.recommend.recommender import HistoryScorer, Recommender, Training
from recsys_core.recommend.registry import BLEND, DEFAULTS, MEMBERS, POPULARITIES, check_names, needs_model

Floats = NDArray[np.float32]
Train = Callable[[Split], HistoryScorer]
INTEREST = "interest-model"


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
) -> Scorecard:
    """Every recommender in ``names`` on the test users of every split (one per seed, one target).

    Hyper-parameters and the blend's weights are chosen on the validation users with models fitted on
    ``split.train``; then everything is fitted once more on ``split.final``. ``text_vectors``: (I, dim).
    ``train``: gives an interest model that learned from ``split.train`` only; without it that model
    is left out.

    What would not fit into memory is left out, with its reason in ``Scorecard.refused``.

    Raises InputError for an unknown name, NotEnoughDataError where no name is left or nobody is tested,
    ResourceError where memory is too short for everything named.
    """
    names, progress = _possible(check_names(names), train), progress or Silent()
    if not all(len(split.test) for split in splits):
        raise NotEnoughDataError("The split holds no test user.", "Import a longer log.")
    trials = [_trial(split, text_vectors, names, train, progress) for split in splits]
    refused = {name: why for trial in trials for name, why in trial.refused.items()}
    left = tuple(name for name in names if name not in refused)
    if not left:
        raise ResourceError(" ".join(refused.values()))
    return summarise(splits, trials, left)


def _possible(names: Sequence[str], train: Train | None) -> tuple[str, ...]:
    left = tuple(name for name in names if name != INTEREST or train is not None)
    if not left:
        raise NotEnoughDataError(
            "There is no interest model to score.", "Fine-tune one, or name another model."
        )
    return left


def _trial(
    split: Split, text_vectors: Floats, names: Sequence[str], train: Train | None, progress: Progress
) -> Trial:
    """One split: fit all, then judge all."""
    training = Training(split.train, split.target, text_vectors, None, int(split.train.time.max()))
    with Cost() as cost:
        model = train(split) if train is not None and needs_model(names) else None
    training = replace(training, model=model)
    progress.stage(f"Scoring {split.target_name} (seed {split.seed})")
    fitted, against, refused = _fit_all(split, training, names, cost, progress)
    names = tuple(name for name in names if name not in refused)
    frame = pd.DataFrame(
        {
            "seed": split.seed,
            USER: split.test.users,
            "n_known": [len(profile.history) for profile in split.test.profiles],
            "n_truth": [len(true) for true in split.test.truth],
        }
    )
    columns = {
        f"{name} {metric}": values
        for name in names
        for metric, values in _judged(fitted[name], split, training).items()
    }
    costs = {name: (fitted[name].seconds, fitted[name].peak_rss_mb) for name in names}
    choices = {name: fitted[name].choices for name in names}
    return Trial(frame.assign(**columns), costs, choices, against, refused)


def _fit_all(
    split: Split, training: Training, names: Sequence[str], trained: Cost, progress: Progress
) -> tuple[dict[str, Fitted], str, dict[str, str]]:
    """Everything in ``names`` fitted for the test, the popularity that did best on validation, and
    why others were refused.
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
                check_memory(best.recommender, final)
                last = best.recommender.fit(final, rng_from(split.seed, "final", name))
        except ResourceError as refusal:
            refused[name] = str(refusal)
            progress.log(f"Left out: {refusal}")
            continue
        chosen[name] = best
        more = trained if name == INTEREST else None
        fitted[name] = _told(last, chosen[name].choices, cost, more)
    if BLEND in names:
        progress.advance(len(wanted), len(wanted) + 1, "weighing the blend")
        fitted[BLEND] = _blend(split, training, chosen, fitted)
    popular = [chosen[name] for name in POPULARITIES if name in chosen]
    return fitted, popular[popularity_of(popular)].recommender.name if popular else "", refused


def _wanted(names: Sequence[str], training: Training) -> tuple[str, ...]:
    """``names`` and the members of the blend, less the blend and less what can't be fitted."""
    with_members = (*names, *MEMBERS) if BLEND in names else tuple(names)
    possible = (name for name in with_members if name != INTEREST or training.model is not None)
    return tuple(dict.fromkeys(name for name in possible if name != BLEND))


def _blend(split: Split, training: Training, chosen: dict[str, Chosen], fitted: dict[str, Fitted]) -> Fitted:
    """Weights learned with the members that saw ``split.train``, members of the last fit."""
    members = [name for name in MEMBERS if name in chosen]
    with Cost() as cost:
        blend = learn_blend(
            [chosen[name] for name in members], training, split.validation.answers, split.seed
        )
    last = replace(blend, members=tuple(fitted[name].recommender for name in members))
    seconds = cost.seconds + sum(fitted[name].seconds for name in members)
    peak = max(cost.peak_rss_mb, *(fitted[name].peak_rss_mb for name in members))
    choices = ", ".join(f"{name} {weight:.2f}" for name, weight in blend.say.items())
    return Fitted(last, choices, seconds, peak)


def _told(recommender: Recommender, choices: str, cost: Cost, more: Cost | None) -> Fitted:
    if more is None:
        return Fitted(recommender, choices, cost.seconds, cost.peak_rss_mb)
    peak = max(cost.peak_rss_mb, more.peak_rss_mb)
    return Fitted(recommender, choices, cost.seconds + more.seconds, peak)


def _judged(fitted: Fitted, split: Split, training: Training) -> dict[str, NDArray[np.float64]]:
    return metrics_at(true_ranks(fitted.recommender, split.test, training.items))
