"""Every direction between domains measured: who is shared, the splits, the blend beside popularity."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import USER
from recsys_core.errors import NotEnoughDataError
from recsys_core.evaluation.kept import Kept
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.scoring import score_models
from recsys_core.evaluation.splits import TEST_SHARE, cold_user_split, overlap_users
from recsys_core.evaluation.summary import PRIMARY
from recsys_core.evaluation.transfer_matrix import Direction, TransferMatrix, judged, source_sets
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.progress import Part, Progress, Silent
from recsys_core.randomness import rng_from
from recsys_core.recommend.paired import ratio_test
from recsys_core.recommend.registry import BLEND, POPULARITIES

Floats = NDArray[np.float32]


def measure_transfer(
    dataset: Dataset,
    text_vectors: Floats,
    targets: Sequence[int] | None = None,
    seeds: Sequence[int] = (0,),
    progress: Progress | None = None,
    kept: Kept | None = None,
) -> TransferMatrix:
    """Cold-user verdicts from every set of ``source_sets`` to each of ``targets`` (indices; None: all), by
    the blend of everything that needs no trained model. ``text_vectors``: (I, dim). ``kept``: as in
    ``score_models``; results of a trained model must be kept apart.

    Raises NotEnoughDataError for a dataset of one domain.
    """
    n_domains, progress = len(dataset.domains), progress or Silent()
    if n_domains < 2:
        raise NotEnoughDataError(
            f"{dataset.name!r} has one domain only, so there is nothing to transfer from.",
            "Import a second domain with the same user ids.",
        )
    wanted = range(n_domains) if targets is None else targets
    pairs = [(sources, target) for target in wanted for sources in source_sets(n_domains, target)]
    found = []
    for done, (sources, target) in enumerate(pairs):
        names = [dataset.domains[domain] for domain in (*sources, target)]
        part = Part(progress, done, len(pairs), f"{' + '.join(names[:-1])} → {names[-1]}")
        found.append(_direction(dataset, sources, target, text_vectors, seeds, part, kept))
    return TransferMatrix(dataset.domains, tuple(seeds), judged(found))


def _direction(
    dataset: Dataset,
    sources: Sequence[int],
    target: int,
    text_vectors: Floats,
    seeds: Sequence[int],
    progress: Progress,
    kept: Kept | None,
) -> Direction:
    """One direction, not yet judged; without numbers where fewer than ten people would be tested."""
    shared = len(overlap_users(dataset, target, sources))
    names, target_name = tuple(dataset.domains[source] for source in sources), dataset.domains[target]
    if round(TEST_SHARE * shared) < SMALLEST_GROUP:
        return Direction(names, target_name, shared)
    splits = [cold_user_split(dataset, target, sources, seed) for seed in seeds]
    card = score_models(splits, text_vectors, (*POPULARITIES, BLEND), progress=progress, kept=kept)
    return _tested(card, shared)


def _tested(card: Scorecard, n_shared: int) -> Direction:
    """The blend beside the popularity that did better on validation; who is tested twice counts once."""
    if card.verdict is None:
        raise RuntimeError("A scorecard of blend and popularity has a verdict.")
    against = card.verdict.against
    columns = [f"{name} {PRIMARY}" for name in (BLEND, against)]
    ours, theirs = card.per_user.groupby(USER)[columns].mean().to_numpy(np.float64).T
    test = ratio_test(ours, theirs, rng_from(0, "transfer", card.target, *card.sources))
    return Direction(
        *(card.sources, card.target, n_shared, card.n_users),
        transfer="none",
        ratio=test.ratio.mean,
        low=test.ratio.low,
        high=test.ratio.high,
        p=test.p,
        against=against,
        split_hash=card.split_hash,
    )
