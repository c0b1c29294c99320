"""Everything a cold-start preview needs, fitted: on all that is known, for test users, or what is popular."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from recsys_core.access import Role
from recsys_core.evaluation.protocols import split_by
from recsys_core.evaluation.splits import validation_holdout
from recsys_core.progress import Progress, Silent
from recsys_core.randomness import rng_from
from recsys_core.recommend.answers import Answers
from recsys_core.steps import load_model, text_vectors
from recsys_core.workspace.gate import takes
from recsys_core.workspace.recording import run_for
from recsys_core.workspace.run_encoders import load_first_encoder, load_own_encoder
from recsys_core.workspace.workspace import Workspace

if TYPE_CHECKING:
    from recsys_core.recommend.cold_start import ColdStart


@takes(Role.VIEWER, "ask for recommendations")
def prepare_recommender(
    ws: Workspace,
    dataset: str,
    domain: str,
    run: str | None = None,
    version: int | None = None,
    progress: Progress | None = None,
) -> "ColdStart":
    """Everything a cold-start preview in ``domain`` needs, fitted on all that is known.

    The blend's weights are learned on the run's validation users, whose events in ``domain`` the
    run's model has never seen. All that goes by text goes by the run's own encoder.
    """
    from recsys_core.recommend.choosing import prepare_blend
    from recsys_core.recommend.cold_start import ColdStart
    from recsys_core.recommend.recommender import Training

    progress = progress or Silent()
    data, used = ws.load_dataset(dataset, version), run_for(ws, dataset, version, run)
    target = data.domain_index(domain)
    encoder = load_own_encoder(used, "cpu")
    model = load_model(used) if used else None
    if model:  # which holds what its encoder made of the texts
        vectors = model.text_vectors.numpy()
    else:
        progress.stage("Reading item texts")
        vectors = text_vectors(ws, data, encoder, progress)
    holdout = validation_holdout(data, int(used.options.get("seed", 0)) if used else 0)
    known = Training(data, target, vectors, model, int(data.time.max()))
    cold = holdout.for_target(target)
    progress.stage("Fitting recommenders")
    judged = cold.answers if cold else Answers((), ())
    blend = prepare_blend(replace(known, dataset=holdout.train), judged, known, progress=progress)
    return ColdStart(known, blend, encoder)


@takes(Role.VIEWER, "ask for recommendations")
def prepare_popular(
    ws: Workspace, dataset: str, domain: str, version: int | None = None, progress: Progress | None = None
) -> "ColdStart":
    """What is popular lately and ever, for everyone: what can be shown where a model is gone."""
    from recsys_core.recommend.blend import Blend
    from recsys_core.recommend.cold_start import ColdStart
    from recsys_core.recommend.popularity import Popularity, RecentPopularity
    from recsys_core.recommend.recommender import Training

    (progress or Silent()).stage("Counting what is popular")
    data = ws.load_dataset(dataset, version)
    no_text = np.zeros((data.n_items, 1), np.float32)
    known = Training(data, data.domain_index(domain), no_text, None, int(data.time.max()))
    blend = Blend((RecentPopularity(), Popularity()), (1.0, 0.0)).fit(known, rng_from(0, "popular"))
    return ColdStart(known, blend, None)


@takes(Role.VIEWER, "ask for recommendations")
def prepare_held_out(
    ws: Workspace,
    dataset: str,
    domain: str,
    run: str | None = None,
    version: int | None = None,
    progress: Progress | None = None,
) -> "ColdStart":
    """The same for people made new to ``domain`` on purpose, the test users of the cold-user split of seed 0:
    nothing that recommends has seen what they took there.

    So the run's interest model, which may have, is left out, and texts go by the encoder that its training
    began with. Raises NotEnoughDataError where too few people are known in two domains.
    """
    from recsys_core.recommend.choosing import prepare_blend
    from recsys_core.recommend.cold_start import ColdStart, HeldOut
    from recsys_core.recommend.recommender import Training

    progress = progress or Silent()
    data, used = ws.load_dataset(dataset, version), run_for(ws, dataset, version, run)
    split = split_by("cold-user", data, domain, 0)
    encoder = load_first_encoder(used, "cpu")
    progress.stage("Reading item texts")
    vectors = text_vectors(ws, data, encoder, progress)
    final = Training(split.final, split.target, vectors, None, int(data.time.max()))
    progress.stage("Fitting recommenders")
    learning = replace(final, dataset=split.train)
    blend = prepare_blend(learning, split.validation.answers, final, progress=progress)
    return ColdStart(final, blend, encoder, HeldOut(split.test.users, split.test.answers))
