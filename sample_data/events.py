"""Who took what, when: sessions spread over two years, drawn from each user's mix."""

import math
from dataclasses import dataclass
from typing import Final

from sample_data.draws import Draws
from sample_data.items import Item
from sample_data.population import N_DAYS, Facet, User

_RECENCY_DAYS: Final = 90.0
_BACK_CATALOGUE: Final = 0.35
_HOURS: Final = (7, 8, 12, 13, 17, 18, 19, 19, 20, 20, 21, 21, 22, 23)
_MORE_IN_SESSION: Final = 0.45


@dataclass(frozen=True, order=True)
class Event:
    """One event; ``second`` counts from the start of the log's first day."""

    second: int
    user_id: str
    domain: str
    item_id: str


def make_events(users: list[User], items: list[Item], draws: Draws) -> list[Event]:
    """Every event in order of time, those to be held out of the log included."""
    shelves: dict[Facet, list[Item]] = {}
    for item in items:
        shelves.setdefault((item.domain, item.theme), []).append(item)
    events: list[Event] = []
    for user in users:
        events += _events_of(user, shelves, draws.child(user.user_id))
    return sorted(events)


def _events_of(user: User, shelves: dict[Facet, list[Item]], draws: Draws) -> list[Event]:
    seen: set[str] = set()
    events: list[Event] = []
    for second in _times(user, draws):
        mix = user.before if second < user.day * 86400 else user.after
        facet = draws.weighted(list(mix), list(mix.values()))
        item = _choice(shelves[facet], second // 86400, seen, draws)
        if item:
            seen.add(item.item_id)
            events.append(Event(second, user.user_id, item.domain, item.item_id))
    return events


def _times(user: User, draws: Draws) -> list[int]:
    """Seconds of the user's events: sessions on random days, mostly in the evening, minutes apart within."""
    times: list[int] = []
    while len(times) < user.n_events:
        day = draws.integer(user.first_day, N_DAYS)
        second = day * 86400 + draws.one_of(_HOURS) * 3600 + draws.integer(0, 2400)
        times.append(second)
        while len(times) < user.n_events and draws.uniform() < _MORE_IN_SESSION:
            second += draws.integer(60, 540)
            times.append(min(second, (day + 1) * 86400 - 1))
    return sorted(times)


def _choice(shelf: list[Item], day: int, seen: set[str], draws: Draws) -> Item | None:
    """An item that is out and not yet taken: the liked ones and the new ones first."""
    out = [item for item in shelf if item.released <= day and item.item_id not in seen]
    if not out:
        return None
    fresh = [math.exp((item.released - day) / _RECENCY_DAYS) for item in out]
    weights = [item.appeal * (_BACK_CATALOGUE + new) for item, new in zip(out, fresh, strict=True)]
    return draws.weighted(out, weights)
