"""Sentences: what a migration says, in plain words made from its numbers."""

from typing import Any, Final

import pandas as pd

from recsys_core.columns import (
    DIRECTION,
    EXCESS,
    FLAGGED,
    FROM_INTEREST,
    FROM_WINDOW,
    HIGH,
    INTEREST,
    LOW,
    N_USERS,
    SHARE,
    SHIFT,
    SIGNIFICANT,
    TO_INTEREST,
    TO_WINDOW,
    WINDOW,
)
from recsys_core.interests.interests import Interests
from recsys_core.migration.migration import Migration
from recsys_core.privacy import SMALLEST_GROUP

NOTHING_MOVED: Final = "Nothing moved beyond chance."


def headlines(migration: Migration, interests: Interests, limit: int = 3) -> tuple[str, ...]:
    """At most ``limit`` sentences, the most telling moves first, then changes of share, then users who
    changed; ``NOTHING_MOVED`` with what was tested where there is none.
    """
    said = [flow_sentence(row, interests) for row in _records(strongest_moves(migration))]
    changes = migration.change_points.sort_values(SHIFT, key=abs, ascending=False, kind="stable")
    said += [change_sentence(row, interests) for row in _records(changes)]
    if migration.users[FLAGGED].sum() >= SMALLEST_GROUP:
        said.append(users_sentence(migration))
    return tuple(said[:limit]) or (_nothing(migration),)


def strongest_moves(migration: Migration) -> pd.DataFrame:
    """The significant rows of ``flows`` of at least 10 users, by users times excess, largest first."""
    shown = migration.shown_flows
    moves = shown[shown[SIGNIFICANT]]
    order = (moves[EXCESS] * moves[N_USERS]).sort_values(ascending=False, kind="stable").index
    return moves.loc[order]


def flow_sentence(flow: dict[str, Any], interests: Interests) -> str:
    """One row of ``Migration.flows`` in words, with half the width of its 95 % interval (standard error
    over users); says only that the group is too small where it has fewer than 10 users.
    """
    held, gained = (interests.name(int(flow[column])) for column in (FROM_INTEREST, TO_INTEREST))
    if flow[N_USERS] < SMALLEST_GROUP:
        return f"Fewer than {SMALLEST_GROUP} users held {held} in {flow[FROM_WINDOW]}: not shown."
    went = "stayed" if flow[FROM_INTEREST] == flow[TO_INTEREST] else f"moved to {gained}"
    return (
        f"Of {flow[N_USERS]:,} users with an interest in {held} in {flow[FROM_WINDOW]} and active in "
        f"{flow[TO_WINDOW]}, {_with_interval(flow)} of that interest {went}, {_beyond_chance(flow)}."
    )


def change_sentence(change: dict[str, Any], interests: Interests) -> str:
    """One row of ``Migration.change_points`` in words."""
    word = "rose" if change[DIRECTION] == "rising" else "fell"
    points = _points(abs(change[SHIFT]))
    return (
        f"{interests.name(int(change[INTEREST]))} {word} by {points} of attention from {change[WINDOW]} on."
    )


def users_sentence(migration: Migration) -> str:
    """How many of the tested users changed beyond their own chance, and when most of them did."""
    flagged = migration.users[migration.users[FLAGGED]]
    text = f"{len(flagged):,} of {len(migration.users):,} users with enough events changed beyond chance"
    if len(flagged) < SMALLEST_GROUP:
        return f"Fewer than {SMALLEST_GROUP} of {len(migration.users):,} users changed beyond chance."
    return f"{text}, most of them in {flagged[WINDOW].mode().iloc[0]}."


def _nothing(migration: Migration) -> str:
    cells = int(migration.document["tested_cells"])
    if not cells:
        return "Too few users came back in the next window to tell movement from chance."
    shuffles = int(migration.document["shuffles"])
    return f"{NOTHING_MOVED[:-1]}: {cells:,} possible moves were compared with {shuffles:,} shuffles."


def _with_interval(flow: dict[str, Any]) -> str:
    half = max(flow[HIGH] - flow[SHARE], flow[SHARE] - flow[LOW])  # the side not cut at 0 or 1
    return f"{_percent(flow[SHARE])} ± {_percent(half)}"


def _beyond_chance(flow: dict[str, Any]) -> str:
    return f"{_points(abs(flow[EXCESS]))} {'more' if flow[EXCESS] >= 0 else 'less'} than by chance"


def _percent(fraction: float) -> str:
    return f"{_number(fraction)} %"


def _points(fraction: float) -> str:
    number = _number(fraction)
    return f"{number} {'point' if number == '1' else 'points'}"


def _number(fraction: float) -> str:
    """In hundredths, with one decimal below 2."""
    text = f"{100 * fraction:.0f}" if 100 * fraction >= 1.95 else f"{100 * fraction:.1f}"
    return text.removesuffix(".0")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
