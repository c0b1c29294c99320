"""A cold-start preview: from whatever is known of a person to a ranked list with reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.history import History
from recsys_core.columns import ITEM_ID
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.errors import InputError, NotFoundError
from recsys_core.recommend.answers import Answers
from recsys_core.recommend.blend import Blend
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend
from recsys_core.recommend.recommendation import Reason, Recommendation
from recsys_core.recommend.recommender import Recommender, Training
from recsys_core.recommend.rerank import POOL, rerank
from recsys_core.recommend.what_if import WhatIf

Rows = NDArray[np.int64]
MOST_CHARACTERS = 10_000
COHORT_ITEMS = 200
MOSTLY_UNKNOWN = 0.3


@dataclass(frozen=True, eq=False)
class Preview:
    """``recommended`` by the blend, as asked for, best first; ``plain``: the blend's list where nothing is
    asked for, up to 300 long.
    """

    recommended: Recommendation
    plain: Recommendation

    @property
    def note(self) -> str:
        """A sentence about the list as a whole, or ""."""
        return self.recommended.note

    @property
    def moves(self) -> tuple[int | None, ...]:
        """By how many places each recommended title stands higher than in the plain list; None for one that
        is not among its best 300.
        """
        before = {item: place for place, item in enumerate(self.plain.items.tolist())}
        places = enumerate(self.recommended.items.tolist())
        return tuple(before[item] - place if item in before else None for place, item in places)


@dataclass(frozen=True, eq=False)
class HeldOut:
    """People made new on purpose. ``users``: (P,) user rows, ascending; ``answers``: what was known of each,
    and the positions of what they took in the target domain, which nothing was fitted on.
    """

    users: Rows
    answers: Answers


@dataclass(frozen=True, eq=False)
class ColdStart:
    """``training``: all that is known, with the target domain. ``blend``: fitted on it. ``encoder``:
    reads what people type, in the space of ``training.text_vectors``; None where no model can. ``held_out``:
    people whose answers nothing here has seen, or None.
    """

    training: Training
    blend: Blend
    encoder: TextEncoder | None
    held_out: HeldOut | None = None

    @cached_property
    def token(self) -> str:
        """Unlike any other's, so that lists made by this one can be kept and found again."""
        return uuid4().hex

    @property
    def dataset(self) -> Dataset:
        """The dataset recommended from."""
        return self.training.dataset

    @property
    def recommenders(self) -> dict[str, Recommender]:
        """All that are fitted, by name: the members of the blend, and the blend."""
        return {one.name: one for one in (*self.blend.members, self.blend)}

    def preview(
        self,
        profile: Profile,
        k: int = 10,
        what_if: WhatIf | None = None,
        item_interest: Rows | None = None,
    ) -> Preview:
        """What ``profile`` would be shown, made as ``what_if`` asks (see ``rerank``)."""
        what_if = what_if or WhatIf()
        shown = rerank(self.blend, self.training, profile, what_if, k, item_interest)
        plain = shown
        if not what_if.is_plain:
            plain = recommend(self.blend, self.dataset, self.training.target, profile, POOL, explain=False)
        return Preview(shown, plain)

    def list_of(self, name: str, profile: Profile, k: int = 10, exclude_seen: bool = True) -> Recommendation:
        """The plain list of one of ``recommenders``, with reasons. Raises NotFoundError."""
        if name not in self.recommenders:
            raise NotFoundError(
                f"No recommender {name!r} is fitted.", f"Choose from: {', '.join(self.recommenders)}."
            )
        return recommend(
            self.recommenders[name], self.dataset, self.training.target, profile, k, exclude_seen
        )

    def truth(self, user: int) -> Rows:
        """Rows of the target items that a held-out user really took, ascending. Raises NotFoundError."""
        place = self._held_out_place(user)
        assert self.held_out is not None  # noqa: S101 - else it would have raised
        return self.training.items[self.held_out.answers.truth[place]]

    def profile_for_held_out(self, user: int) -> Profile:
        """What is known of a held-out user without what they took in the target. Raises NotFoundError."""
        place = self._held_out_place(user)
        assert self.held_out is not None  # noqa: S101 - else it would have raised
        return self.held_out.answers.profiles[place]

    def _held_out_place(self, user: int) -> int:
        found = np.flatnonzero(self.held_out.users == user) if self.held_out else np.zeros(0, np.int64)
        if not len(found):
            raise NotFoundError("This user was not made new on purpose.", "Choose one who was.")
        return int(found[0])

    def recommended(self, profile: Profile, k: int = 10) -> Recommendation:
        """The blend's list for ``profile``, at most ``k`` items, none already seen."""
        return recommend(self.blend, self.dataset, self.training.target, profile, k)

    def profile_for_user(self, user_id: str) -> Profile:
        """All that the log knows of a user. Raises NotFoundError."""
        return Profile.from_history(self.dataset.history(self.dataset.user_row(user_id)))

    def profile_for_cohort(self, users: Rows, most: int = COHORT_ITEMS) -> Profile:
        """User rows taken together: the ``most`` items that most of them took, each counting by how many of
        them did, oldest first by when one of them last did.
        """
        data = self.dataset
        events = np.isin(data.user, users)
        pairs = np.unique(data.user[events] * data.n_items + data.item[events])
        items, counts = np.unique(pairs % data.n_items, return_counts=True)
        kept = np.argsort(-counts, kind="stable")[:most]
        last = np.zeros(data.n_items, np.int64)
        np.maximum.at(last, data.item[events], data.time[events])
        kept = kept[np.argsort(last[items[kept]], kind="stable")]
        rows = items[kept]
        history = History(rows, last[rows], np.ones(len(rows), np.float32))
        return Profile(history).weighed((counts[kept] / counts.max(initial=1)).astype(np.float32))

    def profile_for_picks(self, items: Sequence[int]) -> Profile:
        """A visitor who picked item rows ``items``."""
        return Profile.from_picks(items, self.training.now)

    def profile_for_text(self, text: str) -> Profile:
        """A visitor who typed ``text``; nothing is known of them where the encoder knows no sign of it.

        Raises InputError where it is empty, too long, or there is no encoder.
        """
        wish = " ".join(text.split())
        if not wish:
            raise InputError("The text is empty.", "Type what the person likes, in a few words.")
        if len(wish) > MOST_CHARACTERS:
            raise InputError(
                f"The text has {len(wish):,} characters; {MOST_CHARACTERS:,} are read at most.", "Shorten it."
            )
        if self.encoder is None:
            raise InputError(
                "Without a model no text can be read.", "Pick titles, or fine-tune a model first."
            )
        vector = self.encoder.encode([wish])[0]
        readable = self.encoder.unknown_share(wish) < 1
        return Profile.from_text(wish, vector if readable else np.zeros_like(vector))

    def note_about(self, profile: Profile) -> str:
        """What should be known about a list for ``profile``, in a sentence or two; "" for nothing."""
        if profile.text:
            return self._note_about_text(profile.text)
        elsewhere = self.dataset.item_domain[profile.history.items] != self.training.target
        if len(elsewhere) and not elsewhere.any():
            name = self.training.target_name
            return (
                f"Nothing is known of this person outside {name}, so the list rests on what they took there."
            )
        return ""

    def _note_about_text(self, text: str) -> str:
        if self.encoder is None:
            return ""
        unknown = self.encoder.unknown_share(text)
        if unknown == 1:
            return (
                "The text encoder knows none of these signs, so the list shows what is popular. Type in a "
                "script that it knows, or fine-tune with a multilingual encoder."
            )
        if unknown > MOSTLY_UNKNOWN:
            return (
                f"The text encoder does not know {unknown:.0%} of this text, so the list may miss its point."
            ).replace("%", " %")
        n_read = self.encoder.max_tokens
        if self.encoder.n_tokens(text) > n_read:
            return f"The text is long: only about its first {n_read * 3 // 4:,} words were read."
        return ""

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
