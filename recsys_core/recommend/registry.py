"""Every recommender by name, with the choices that validation picks from."""

from collections.abc import Mapping, Sequence
from typing import Final

from recsys_core.errors import InputError
from recsys_core.recommend.ease import Ease
from recsys_core.recommend.gru4rec import Gru4Rec
from recsys_core.recommend.interest import InterestRecommender
from recsys_core.recommend.item_knn import ItemKnn
from recsys_core.recommend.kernel_ridge import KernelRidge
from recsys_core.recommend.linear_map import LinearMap
from recsys_core.recommend.popularity import Popularity, RecentPopularity
from recsys_core.recommend.recommender import Recommender
from recsys_core.recommend.sasrec import SasRec
from recsys_core.recommend.text_match import TextMatch
from recsys_core.recommend.text_ridge import TextRidge
from recsys_core.recommend.two_tower import TwoTower

BLEND: Final = "blend"
POPULARITIES: Final = ("popularity", "recent-popularity")

VARIANTS: Final[Mapping[str, tuple[Recommender, ...]]] = {
    "recent-popularity": tuple(RecentPopularity(half_life=days) for days in (30, 90, 180, 365, 730)),
    "popularity": (Popularity(),),
    "item-knn": tuple(ItemKnn(shrink=shrink) for shrink in (20, 50, 100)),
    "text-ridge": tuple(TextRidge(strength=strength) for strength in (1, 3, 10, 30)),
    "kernel-ridge": (KernelRidge(strength=10, ids=0.3, together=0.1, searching=True),),
    "interest-kernel": (
        KernelRidge(
            strength=10,
            ids=0.3,
            interests=0.2,
            states=0.15,
            together=0.1,
            searching=True,
            name="interest-kernel",
        ),
    ),
    "linear-map": tuple(LinearMap(dim=256, strength=strength) for strength in (1, 10)),
    "id-kernel": tuple(
        KernelRidge(strength=strength, ids=1.0, name="id-kernel") for strength in (1, 3, 10, 30)
    ),
    "ease": tuple(Ease(strength=strength) for strength in (300, 1000, 3000)),
    "two-tower": tuple(TwoTower(epochs=epochs) for epochs in (5, 10, 20)),
    "gru4rec": tuple(Gru4Rec(epochs=epochs) for epochs in (5, 10)),
    "sasrec": tuple(SasRec(epochs=epochs) for epochs in (5, 10)),
    "interest-model": (InterestRecommender(),),
    "text-match": (TextMatch(),),
}

NEEDS_MODEL: Final = frozenset({"interest-model", "interest-kernel"})
"""Those that go by a trained interest model."""

MEMBERS: Final = (
    *POPULARITIES, "item-knn", "text-ridge", "kernel-ridge", "interest-kernel", "linear-map", "text-match",
    "interest-model"
)  # fmt: skip
"""Whatever may be in the blend, in order."""

NAMES: Final = (*VARIANTS, BLEND)

WITH_TEXT: Final = frozenset(
    {"text-ridge", "kernel-ridge", "interest-kernel", "two-tower", "text-match", "interest-model", BLEND}
)
"""Those that read item texts, or are made of such; all others are classical: they go by events alone."""

LEARNS_BY_STEPS: Final = frozenset({"two-tower", "gru4rec", "sasrec", "interest-model"})
"""Those that the training room teaches, step by step."""

ON_REQUEST: Final = ("id-kernel", "ease", "two-tower", "gru4rec", "sasrec")
"""Baselines from the literature, run only where named: they take far longer than the others together."""

DEFAULTS: Final = tuple(name for name in NAMES if name not in ON_REQUEST)


def needs_model(names: Sequence[str]) -> bool:
    """Whether any of the recommenders asks for a trained interest model."""
    return not NEEDS_MODEL.isdisjoint(names) or BLEND in names


def members(with_model: bool) -> tuple[str, ...]:
    """The members of the blend, in order. Where there is an interest model, kernel ridge goes by its vectors
    too, in the place of kernel ridge without them.
    """
    left_out = {"kernel-ridge"} if with_model else NEEDS_MODEL
    return tuple(name for name in MEMBERS if name not in left_out)


def variants(name: str) -> tuple[Recommender, ...]:
    """The unfitted variants of one recommender; raises InputError for a name there isn't."""
    if name not in VARIANTS:
        raise InputError(f"There is no recommender {name!r}.", f"Choose from: {', '.join(NAMES)}.")
    return VARIANTS[name]


def check_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once, in order; raises InputError for one there isn't, or none at all."""
    for name in names:
        if name != BLEND:
            variants(name)
    if not names:
        raise InputError("No recommender was named.", f"Choose from: {', '.join(NAMES)}.")
    return tuple(dict.fromkeys(names))
