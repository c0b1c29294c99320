"""Lists for many people as one table."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import ITEM_ID, RANK, REASONS, SCORE, USER_ID
from recsys_core.errors import NotFoundError
from recsys_core.progress import Part, Progress, Silent
from recsys_core.recommend.cold_start import ColdStart, reason_sentence
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommend import recommend_many
from recsys_core.spread import spread

COLUMNS: Final = (USER_ID, RANK, ITEM_ID, SCORE, REASONS)
PEOPLE: Final = 500
NOT_IN_THE_LOG: Final = "not in the log: what is popular"
"""Stands as the reasons of people whom nothing is known of."""


def batch(
    ready: ColdStart, people: Sequence[tuple[str, Profile]], k: int = 10, explain: bool = True
) -> pd.DataFrame:
    """Of each of ``people``, (name, profile), at most k rows: ``user_id`` (the name), ``rank`` (1…k),
    ``item_id``, ``score`` (float32), ``reasons`` (a sentence; "" without ``explain``, which is much quicker).
    """
    if explain:
        rows = [row for name, profile in people for row in _explained(ready, name, profile, k)]
        return pd.DataFrame(rows, columns=list(COLUMNS))
    profiles = [profile for _, profile in people]
    lists = recommend_many(ready.blend, ready.dataset, ready.training.target, profiles, k)
    lengths = [len(items) for items, _ in lists]
    names = np.array([name for name, _ in people], object)
    places = [np.arange(1, length + 1) for length in lengths]
    items = np.concatenate([items for items, _ in lists]) if lists else np.zeros(0, np.int64)
    return pd.DataFrame(
        {
            USER_ID: np.repeat(names, lengths),
            RANK: np.concatenate(places) if places else np.zeros(0, np.int64),
            ITEM_ID: ready.dataset.items[ITEM_ID].to_numpy(object)[items],
            SCORE: np.concatenate([scores for _, scores in lists]) if lists else np.zeros(0, np.float32),
            REASONS: "",
        }
    )


def batch_of_users(
    ready: ColdStart,
    users: Sequence[str],
    k: int = 10,
    explain: bool = True,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """``batch`` for ids of the log, in the order given, 500 people at a time, wherever there is room. Ids
    that are not in it get what is popular, with reasons that say so; raises NotFoundError where none is.
    """
    known, unknown = _known_and_unknown(ready, users)
    parts = [known[at : at + PEOPLE] for at in range(0, len(known), PEOPLE)]
    work = partial(_some, replace(ready, encoder=None), k, explain)  # nobody types here
    whole = progress or Silent()
    made = spread(work, parts, lambda number: Part(whole, number, len(parts), "people"))
    found = [*made, _popular_for(ready, unknown, k)]
    frame = pd.concat([part for part in found if len(part)] or found[:1], ignore_index=True)
    place = {user: number for number, user in enumerate(users)}
    in_order = np.argsort(frame[USER_ID].map(place).to_numpy(), kind="stable")
    return frame.iloc[in_order].reset_index(drop=True)


def _known_and_unknown(ready: ColdStart, users: Sequence[str]) -> tuple[list[tuple[str, Profile]], list[str]]:
    """Users of the log with what it knows of them, and the ids that are not in it.

    Raises NotFoundError where none of them is.
    """
    known: list[tuple[str, Profile]] = []
    unknown: list[str] = []
    for user in users:
        try:
            known.append((user, ready.profile_for_user(user)))
        except NotFoundError:
            if len(users) == 1:
                raise
            unknown.append(user)
    if users and not known:
        raise NotFoundError(
            f"None of the {len(users):,} users, {users[0]!r} and so on, is in {ready.dataset.name!r}.",
            "Ids are compared as text, exactly as in the log; check spelling and leading zeros.",
        )
    return known, unknown


def _popular_for(ready: ColdStart, users: Sequence[str], k: int) -> pd.DataFrame:
    """What is popular, for ids of whom nothing is known; ``reasons`` say so."""
    found = batch(ready, [(user, Profile.nothing()) for user in users], k, explain=False)
    return found.assign(**{REASONS: NOT_IN_THE_LOG})


def _some(
    ready: ColdStart, k: int, explain: bool, people: Sequence[tuple[str, Profile]], progress: Progress
) -> pd.DataFrame:
    progress.check_cancelled()
    made = batch(ready, people, k, explain)
    progress.advance(1, 1)
    return made


def _explained(ready: ColdStart, name: str, profile: Profile, k: int) -> list[tuple[object, ...]]:
    shown = ready.recommended(profile, k)
    ids = ready.dataset.items[ITEM_ID].to_numpy()
    return [
        (name, rank, ids[item], score, reason_sentence(reasons))
        for rank, item, score, reasons in shown.ranked()
    ]
