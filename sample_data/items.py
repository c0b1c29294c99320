"""The items of every domain: what they are called, when they came out and how much they are liked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sample_data import DOMAINS
from sample_data.draws import Draws
from sample_data.writing import Theme, Writer

ITEMS_PER_DOMAIN: Final = 400
"""Items in each domain, shared out evenly over its themes."""

_SEQUEL_SHARE: Final = 0.07
_SEQUEL: Final = {"films": "{} II", "books": "{}, Volume Two", "games": "{} 2"}
_OLD_SHARE: Final = 0.6
_LATEST_RELEASE: Final = 690


@dataclass(frozen=True)
class Item:
    """One item; ``released`` is in days after the log's first day, ``appeal`` a weight above 0."""

    item_id: str
    domain: str
    theme: str
    title: str
    description: str
    creator: str
    released: int
    appeal: float


def make_items(themes: dict[str, Theme], draws: Draws) -> list[Item]:
    """All items, by domain and then by id; titles are unique over all domains, ids within a domain."""
    taken: set[str] = set()
    items: list[Item] = []
    for domain in DOMAINS:
        here = [theme for theme in themes.values() if domain in theme.domains]
        counts = [
            ITEMS_PER_DOMAIN // len(here) + (i < ITEMS_PER_DOMAIN % len(here)) for i in range(len(here))
        ]
        ids = draws.shuffled([f"{domain[0].upper()}{1001 + i}" for i in range(ITEMS_PER_DOMAIN)])
        made: list[Item] = []
        for theme, count in zip(here, counts, strict=True):
            made += _items_of(theme, domain, ids[len(made) : len(made) + count], taken, draws)
        items += sorted(made, key=lambda item: item.item_id)
    return items


def _items_of(theme: Theme, domain: str, ids: list[str], taken: set[str], draws: Draws) -> Iterable[Item]:
    writer = Writer(theme, domain, draws.child(f"{domain} {theme.key}"))
    ranks = draws.shuffled(range(len(ids)))
    titles: list[str] = []
    for i, item_id in enumerate(ids):
        titles.append(_new_title(writer, domain, titles, taken, draws))
        yield Item(
            item_id=item_id,
            domain=domain,
            theme=theme.key,
            title=titles[-1],
            description=_unused(writer.description, taken),
            creator=writer.person(),
            released=_release_day(i / len(ids), draws),
            appeal=(ranks[i] + 2.0) ** -0.9,
        )


def _new_title(writer: Writer, domain: str, titles: list[str], taken: set[str], draws: Draws) -> str:
    if len(titles) > 10 and draws.uniform() < _SEQUEL_SHARE:
        sequel = _SEQUEL[domain].format(draws.one_of(titles))
        if sequel not in taken and sequel[-4:].isascii() and ":" not in sequel and not _numbered(sequel):
            taken.add(sequel)
            return sequel
    return _unused(writer.title, taken)


def _numbered(sequel: str) -> bool:
    """Whether what the sequel follows already ends in a number."""
    stem = sequel.rsplit(",", 1)[0] if "Volume" in sequel else sequel.rsplit(" ", 1)[0]
    return stem.endswith(("I", "Two", "2")) or stem[-1].isdigit()


def _unused(write: Callable[[], str], taken: set[str]) -> str:
    for _ in range(1000):
        text = write()
        if text not in taken:
            taken.add(text)
            return text
    raise ValueError("The vocabulary is too small: a thousand tries gave nothing new.")


def _release_day(position: float, draws: Draws) -> int:
    """Spread alike in every theme, so that no theme grows merely because its items came out."""
    if position < _OLD_SHARE:
        return -int(900 * (1 - position / _OLD_SHARE)) - draws.integer(0, 20)
    return int(_LATEST_RELEASE * (position - _OLD_SHARE) / (1 - _OLD_SHARE)) + draws.integer(0, 20)
