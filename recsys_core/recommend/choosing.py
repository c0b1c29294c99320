"""Fitting with the choices made by validation users, and the whole house at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from recsys_core.errors import ResourceError
from recsys_core.progress import Progress, Silent
from recsys_core.randomness import rng_from
from recsys_core.recommend.affordable import check_affordable
from recsys_core.recommend.answers import Answers, in_memory, ndcg, ranks
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.recommender import Recommender, Training
from recsys_core.recommend.registry import POPULARITIES, members, variants

MOST_JUDGES = 2_000


@dataclass(frozen=True, eq=False)
class Chosen:
    """``recommender``: fitted, with the best mean NDCG@10 on validation, which is ``quality``."""

    recommender: Recommender
    quality: float

    @property
    def choices(self) -> str:
        """The hyper-parameters in words, e.g. ``strength=10, ids=0.3``; "" where there are none. Those that
        are 0 switch something off and are not told.
        """
        named = ((f.name, getattr(self.recommender, f.name)) for f in fields(self.recommender))  # type: ignore[arg-type]
        numbers = ((name, value) for name, value in named if isinstance(value, int | float) and value)
        return ", ".join(f"{name}={value:g}" for name, value in numbers if not isinstance(value, bool))


def choose(name: str, training: Training, answers: Answers, seed: int = 0) -> Chosen:
    """The variant of recommender ``name`` that does best on ``answers``, the first among equals.

    ``training`` must not hold the truth of ``answers``. At most 2,000 people are judged by.

    Raises ResourceError where a variant would not fit into the memory that is free.
    """
    judges = answers.some(MOST_JUDGES, rng_from(seed, "judges"))
    fitted = _fitted(variants(name), training, seed)
    return max(
        (Chosen(one, _quality(one, judges, len(training.items))) for one in fitted),
        key=lambda chosen: chosen.quality,
    )


def learn_blend(chosen: Sequence[Chosen], training: Training, answers: Answers, seed: int = 0) -> Blend:
    """A blend of the fitted ``chosen``; at least one of them must be a popularity."""
    judges = answers.some(MOST_JUDGES, rng_from(seed, "judges"))
    members = [c.recommender for c in chosen]
    rng = rng_from(seed, "blend")
    blend = Blend.learn(members, judges, popularity_of(chosen), rng, popularities_in(chosen))
    return blend.with_match(training, rng_from(seed, "match"))


def popularity_of(chosen: Sequence[Chosen]) -> int:
    """Index of the popularity that did best on validation, the first among equals."""
    return max(popularities_in(chosen), key=lambda i: chosen[i].quality)


def popularities_in(chosen: Sequence[Chosen]) -> list[int]:
    """Indices of those that serve everyone the same."""
    return [i for i, c in enumerate(chosen) if c.recommender.name in POPULARITIES]


def prepare_blend(
    training: Training,
    answers: Answers,
    final: Training | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Blend:
    """All choices by ``answers``, then everything fitted anew on ``final``, where given.

    ``training`` must not hold the truth of ``answers``; ``final`` may.
    What does not fit into memory is left out, and ``progress`` told why.
    """
    progress = progress or Silent()
    names, chosen = members(training.model is not None), []
    for done, name in enumerate(names):
        progress.check_cancelled()
        progress.advance(done, len(names) + 1, f"choosing {name}")
        try:
            chosen.append(choose(name, training, answers, seed))
        except ResourceError as refusal:
            progress.log(f"Left out: {refusal}")
    blend = learn_blend(chosen, training, answers, seed)
    progress.advance(len(names), len(names) + 1, "fitting the blend")
    if final is None:
        return blend
    blend = blend.unlearned()
    chosen.clear()  # what they learned for the choice goes before they learn anew
    return blend.fit(final, rng_from(seed, "final fit"))


def _fitted(unfitted: Sequence[Recommender], training: Training, seed: int) -> Iterator[Recommender]:
    for variant in unfitted:
        check_affordable(variant, training)
        yield variant.fit(training, rng_from(seed, "fit", variant.name))


def _quality(recommender: Recommender, answers: Answers, n_items: int) -> float:
    parts = answers.parts(in_memory(n_items))
    found = [ndcg(ranks(recommender.score(part.profiles), part.truth)) for part in parts]
    return float(np.concatenate(found).mean()) if found else 0.0
