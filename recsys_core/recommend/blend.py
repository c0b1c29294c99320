"""Every recommender of the house in one score."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from recsys_core.recommend.answers import Answers, in_memory
from recsys_core.recommend.blend_weights import (
    blended,
    by_knowledge,
    joined,
    learn_shrink,
    learn_weights,
    pool_of,
    standardised,
)
from recsys_core.recommend.contributions import Contributions, Rows, contributions_of
from recsys_core.recommend.expansion import NEAREST
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import top
from recsys_core.recommend.recommender import Recommender, Training
from recsys_core.recommend.shortlist import shortlist
from recsys_core.recommend.text_match import TextMatch

Floats = NDArray[np.float32]
CHUNK = 512
TYPED = 2.0  # a wish in so many words says more than what is popular


@dataclass(frozen=True, eq=False)
class Blend:
    """Σ weight × score standardised per person, over ``members``. ``weights``: (M,) ≥ 0, sum 1.
    ``popularity``: index of the member that serves people of whom nothing is known, and counts beside the
    others as ``shrink`` items ≥ 0 do that are known of someone.

    Typed text gets a say beside that: t / max t, with t the standardised cosine to the text, is added
    to b / max b, b the blend, with weight 2 / (1 + H) for a history of H items. This is a rule, not
    learned: no log holds typed wishes to learn from.
    """

    members: tuple[Recommender, ...]
    weights: tuple[float, ...]
    popularity: int = 0
    shrink: float = 0.0
    match: TextMatch = field(default_factory=TextMatch)
    name: str = "blend"

    @classmethod
    def learn(
        cls,
        members: Sequence[Recommender],
        answers: Answers,
        popularity: int,
        rng: np.random.Generator,
        popularities: Sequence[int] = (),
    ) -> "Blend":
        """The weights by ``answers``, whose truth no fitted member has seen; popularity without any.
        ``popularities``: indices of all members that serve everyone the same.
        """
        weights, shrink = np.eye(len(members))[popularity], 0.0
        if len(answers):
            parts = answers.parts(in_memory(members[popularity].score([]).shape[1]))
            pool = joined([pool_of([m.score(part.profiles) for m in members], part) for part in parts])
            weights = learn_weights(pool, popularity, rng, popularities)
            shrink = learn_shrink(pool, weights, popularity, n_known(answers.profiles))
        return cls(tuple(members), tuple(weights.tolist()), popularity, shrink)

    def fit(self, training: Training, rng: np.random.Generator) -> "Blend":
        """All members fitted anew; the weights stay."""
        members = tuple(member.fit(training, rng) for member in self.members)
        return replace(self, members=members, match=self.match.fit(training, rng))

    def bytes_needed(self, training: Training) -> int:
        """The sum of its members', who all stay."""
        return sum(member.bytes_needed(training) for member in self.members)

    def multiplications(self, training: Training) -> float:
        """The sum of its members'."""
        return sum(member.multiplications(training) for member in self.members)

    def unlearned(self) -> "Blend":
        """The same choices, without what the members learned: it need not be held while they learn anew."""
        return replace(self, members=tuple(map(_unlearned, self.members)), match=TextMatch())

    def with_match(self, training: Training, rng: np.random.Generator) -> "Blend":
        """The same, able to read typed text."""
        return replace(self, match=self.match.fit(training, rng))

    def score(self, profiles: Sequence[Profile]) -> Floats:
        """(P, T); a profile of which nothing is known gets the popularity."""
        chunks = [self._scored(profiles[at : at + CHUNK]) for at in range(0, len(profiles), CHUNK)]
        return np.concatenate(chunks) if chunks else self.members[self.popularity].score([])

    def best(self, profile: Profile, excluded: Rows | None, k: int) -> tuple[Rows, Floats]:
        """By a ``shortlist`` where that is quicker; typed text is held against every item."""
        used = self._used(profile)
        found = None if profile.is_empty or profile.has_text else shortlist(used, profile, excluded, k)
        if found is not None:
            return found
        scores = self.score([profile])[0]
        places = top(scores, excluded, k)
        return places, scores[places]

    def contributions(self, profile: Profile, items: Rows, places: Rows) -> Contributions:
        """The members' contributions, standardised and weighed as their scores are."""
        if profile.is_empty:
            popular = self.members[self.popularity]
            return contributions_of(popular, profile, items, places).standardised()
        used = self._used(profile)
        parts = [contributions_of(m, profile, items, places).standardised().scaled(w) for m, w in used]
        blended = reduce(Contributions.plus, parts)
        if not profile.has_text:
            return blended
        typed, nothing = self._words(profile), np.zeros(0, np.int64)
        match = self.match.contributions(typed, nothing, places).standardised().to_unit_top()
        of_text = Contributions(np.zeros_like(blended.at), np.zeros_like(blended.mean), match.full)
        of_text.at[-1], of_text.mean[-1] = match.at[-1], match.mean[-1]
        return blended.to_unit_top().plus(of_text.scaled(TYPED / (1 + len(profile.history))))

    def _used(self, profile: Profile) -> list[tuple[Recommender, float]]:
        """The members that have any weight for a profile, with it."""
        say = self._weights([profile])[0].tolist()
        return [(m, w) for m, w in zip(self.members, say, strict=True) if w > 0]

    def _weights(self, profiles: Sequence[Profile]) -> NDArray[np.float64]:
        """(P, M) the weights for each profile."""
        return by_knowledge(np.array(self.weights), self.popularity, n_known(profiles), self.shrink)

    @property
    def say(self) -> dict[str, float]:
        """Weight in [0, 1] of each member that has any, largest first."""
        pairs = zip((member.name for member in self.members), self.weights, strict=True)
        return dict(sorted(((n, w) for n, w in pairs if w > 0), key=lambda pair: -pair[1]))

    @property
    def is_popularity(self) -> bool:
        """Whether nothing beat popularity surely, so that everyone is shown what is popular."""
        return self.weights[self.popularity] == 1

    def _scored(self, profiles: Sequence[Profile]) -> Floats:
        say = self._weights(profiles).T  # (M, P)
        used = [(m, w) for m, w in zip(self.members, say, strict=True) if w.any()]
        scores = blended([member.score(profiles) for member, _ in used], [weight for _, weight in used])
        empty = np.array([profile.is_empty for profile in profiles])
        if empty.any():
            scores[empty] = standardised(self.members[self.popularity].score([Profile.nothing()]))
        typed = [row for row, profile in enumerate(profiles) if profile.has_text]
        if typed:
            scores[typed] = self._with_text(scores[typed], [profiles[row] for row in typed])
        return scores

    def _with_text(self, blended: Floats, profiles: Sequence[Profile]) -> Floats:
        words = [self._words(profile) for profile in profiles]
        weight = np.array([[TYPED / (1 + len(p.history))] for p in profiles], np.float32)
        return to_unit_top(blended) + weight * to_unit_top(standardised(self.match.score(words)))

    @staticmethod
    def _words(profile: Profile) -> Profile:
        return replace(Profile.nothing(), text=profile.text, text_vector=profile.text_vector)


def _unlearned(member: Recommender) -> Recommender:
    learned = {f.name: None for f in fields(member) if f.default is None}  # type: ignore[arg-type]
    return replace(member, **learned)  # type: ignore[type-var]


def n_known(profiles: Sequence[Profile]) -> NDArray[np.float64]:
    """(P,) how many different items each profile holds; typed text counts as what stands for it."""
    counts = [len(np.unique(p.history.items)) or (NEAREST if p.has_text else 0) for p in profiles]
    return np.array(counts, np.float64)


def to_unit_top(scores: Floats) -> Floats:
    """(P, T) scores with each row divided by its highest, where that is above 0."""
    top = scores.max(1, keepdims=True)
    scaled: Floats = np.divide(scores, top, out=scores.copy(), where=top > 0)
    return scaled
