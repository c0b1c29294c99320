"""A cold-start preview: from whatever is known of a person to a ranked list with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import ITEM_ID
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.errors import InputError, NotFoundError
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend
from recsys_core.recommend.recommendation import Reason, Recommendation
from recsys_core.recommend.recommender import Recommender, Training

MOST_CHARACTERS = 10_000


@dataclass(frozen=True, eq=False)
class Preview:
    """``recommended`` by the blend, ``popular`` beside it, both best first. ``note``: "" or a sentence
    about the list as a whole.
    """

    recommended: Recommendation
    popular: Recommendation
    note: str


@dataclass(frozen=True, eq=False)
class ColdStart:
    """``training``: all that is known, with the target domain. ``blend``: fitted on it. ``encoder``:
    reads what people type, in the space of ``training.text_vectors``.
    """

    training: Training
    blend: Blend
    encoder: TextEncoder

    @property
    def dataset(self) -> Dataset:
        """The dataset recommended from."""
        return self.training.dataset

    @property
    def popular(self) -> Recommender:
        """Recent popularity, as the blend's member of that name was fitted."""
        return next(member for member in self.blend.members if member.name == "recent-popularity")

    def preview(self, profile: Profile, k: int = 10) -> Preview:
        """What ``profile`` would be shown, beside what everyone is shown."""
        recommended = self.recommended(profile, k)
        popular = recommend(self.popular, self.dataset, self.training.target, profile, k, explain=False)
        return Preview(recommended, popular, recommended.note)

    def recommended(self, profile: Profile, k: int = 10) -> Recommendation:
        """The blend's list for ``profile``, at most ``k`` items, none already seen."""
        return recommend(self.blend, self.dataset, self.training.target, profile, k)

    def profile_for_user(self, user_id: str) -> Profile:
        """All that the log knows of a user. Raises NotFoundError."""
        return Profile.from_history(self.dataset.history(self.dataset.user_row(user_id)))

    def profile_for_picks(self, items: Sequence[int]) -> Profile:
        """A visitor who picked item rows ``items``."""
        return Profile.from_picks(items, self.training.now)

    def profile_for_text(self, text: str) -> Profile:
        """A visitor who typed ``text``. Raises InputError where it is empty or too long."""
        wish = " ".join(text.split())
        if not wish:
            raise InputError("The text is empty.", "Type what the person likes, in a few words.")
        if len(wish) > MOST_CHARACTERS:
            raise InputError(
                f"The text has {len(wish):,} characters; {MOST_CHARACTERS:,} are read at most.", "Shorten it."
            )
        return Profile.from_text(wish, self.encoder.encode([wish])[0])

    def item_row(self, item_id: str) -> int:
        """Row number of an external item id, the target domain's first. Raises NotFoundError."""
        rows = np.flatnonzero(self.dataset.items[ITEM_ID].to_numpy() == item_id)
        if not len(rows):
            raise NotFoundError(
                f"No item {item_id!r} in dataset {self.dataset.name!r}.",
                "Ids are compared as text, exactly as in the log; check spelling and leading zeros.",
            )
        in_target = rows[self.dataset.item_domain[rows] == self.training.target]
        return int(in_target[0] if len(in_target) else rows[0])


def reason_sentence(reasons: Sequence[Reason], most: int = 3) -> str:
    """The ``most`` largest reasons in words, e.g. ``Green tea 41 %, popularity 18 %``."""
    return ", ".join(f"{reason.label} {reason.share:.0%}".replace("%", " %") for reason in reasons[:most])
