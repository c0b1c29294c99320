"""The users: cohorts that move at a known month, cohorts that stay, users cold in one domain, others."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sample_data import DOMAINS
from sample_data.draws import Draws
from sample_data.writing import Theme

FIRST_DAY: Final = date(2023, 1, 1)
LAST_DAY: Final = date(2024, 12, 31)
N_DAYS: Final = (LAST_DAY - FIRST_DAY).days + 1
N_USERS: Final = 900
COLD_PER_DOMAIN: Final = 40

Facet = tuple[str, str]
"""A domain and a theme."""

Mix = dict[Facet, float]
"""What share of a user's events goes to each facet; sums to 1."""

_FOCUS: Final = 0.72
_NOISE: Final = 0.10


@dataclass(frozen=True)
class Cohort:
    """Users who prefer ``source`` until ``month`` ("2023-10") and ``target`` from then on.

    A steady cohort has no month and ``target`` equal to ``source``.
    """

    name: str
    kind: Literal["within", "across", "steady"]
    source: Facet
    target: Facet
    month: str | None
    size: int

    @property
    def day(self) -> int:
        """The day of the move, counted from the log's first; past the end for a steady cohort."""
        return (date.fromisoformat(f"{self.month}-01") - FIRST_DAY).days if self.month else N_DAYS


COHORTS: Final = (
    Cohort("From horror to nature films", "within", ("films", "horror"), ("films", "nature"), "2023-10", 56),
    Cohort("From crime to fantasy books", "within", ("books", "crime"), ("books", "fantasy"), "2024-02", 54),
    Cohort(
        "From football to cooking games", "within", ("games", "sport"), ("games", "cooking"), "2024-04", 52
    ),
    Cohort(
        "From space films to war games", "across", ("films", "space"), ("games", "history"), "2024-01", 58
    ),
    Cohort(
        "From romance books to music films", "across", ("books", "romance"), ("films", "music"), "2023-08", 50
    ),
    Cohort("Steady with science books", "steady", ("books", "science"), ("books", "science"), None, 50),
    Cohort("Steady with fantasy games", "steady", ("games", "fantasy"), ("games", "fantasy"), None, 50),
    Cohort("Steady with crime films", "steady", ("films", "crime"), ("films", "crime"), None, 50),
)


@dataclass(frozen=True)
class User:
    """One user: the mix before and from ``day`` on, how many events, over which days.

    ``cold_in`` names the domain whose events are held out of the log, ``theme`` the favourite there.
    """

    user_id: str
    before: Mix
    after: Mix
    day: int
    n_events: int
    first_day: int
    cohort: str | None = None
    cold_in: str | None = None
    theme: str | None = None


def make_users(themes: dict[str, Theme], draws: Draws) -> list[User]:
    """All users, sorted by id; ids say nothing about who is in which cohort."""
    ids = draws.shuffled([f"u{n:04d}" for n in range(1, N_USERS + 1)])
    users = []
    for cohort in COHORTS:
        users += [_cohort_user(ids.pop(), cohort, themes, draws) for _ in range(cohort.size)]
    for domain in DOMAINS:
        users += [_cold_user(ids.pop(), domain, themes, draws) for _ in range(COLD_PER_DOMAIN)]
    while ids:
        users.append(_ordinary_user(ids.pop(), themes, draws))
    return sorted(users, key=lambda user: user.user_id)


def _cohort_user(user_id: str, cohort: Cohort, themes: dict[str, Theme], draws: Draws) -> User:
    rest = _mix(_domain_weights(draws), _taste(themes, draws, strength=0.5), themes)
    before, after = _focused(cohort.source, rest), _focused(cohort.target, rest)
    return User(user_id, before, after, cohort.day, max(26, _event_count(draws)), 0, cohort.name)


def _cold_user(user_id: str, domain: str, themes: dict[str, Theme], draws: Draws) -> User:
    shared = [key for key, theme in themes.items() if domain in theme.domains and len(theme.domains) > 1]
    taste = _taste(themes, draws, strength=0.65, favourite=draws.one_of(shared))
    mix = _mix(_domain_weights(draws, at_least=0.25), taste, themes)
    here = {theme: share for (place, theme), share in mix.items() if place == domain}
    theme = max(here, key=lambda key: here[key])
    return User(user_id, mix, mix, N_DAYS, max(30, _event_count(draws)), 0, None, domain, theme)


def _ordinary_user(user_id: str, themes: dict[str, Theme], draws: Draws) -> User:
    mix = _mix(_domain_weights(draws), _taste(themes, draws, strength=draws.uniform(0.45, 0.7)), themes)
    joined = draws.integer(0, 420) if draws.uniform() < 0.35 else 0
    return User(user_id, mix, mix, N_DAYS, _event_count(draws), joined)


def _event_count(draws: Draws) -> int:
    return int(min(260, max(6, draws.lognormal(median=31, sigma=0.7))))


def _domain_weights(draws: Draws, at_least: float = 0.08) -> dict[str, float]:
    return {domain: at_least + draws.uniform() ** 1.5 for domain in DOMAINS}


def _taste(
    themes: dict[str, Theme], draws: Draws, strength: float, favourite: str | None = None
) -> dict[str, float]:
    """Weights over themes, the same in every domain: a favourite, two more, and a little of everything."""
    order = draws.shuffled(list(themes))
    if favourite:
        order.remove(favourite)
        order.insert(0, favourite)
    taste = {key: _NOISE / len(themes) for key in themes}
    left = 1 - _NOISE - strength
    for key, weight in zip(order, (strength, left * 0.65, left * 0.35), strict=False):
        taste[key] += weight
    return taste


def _mix(domain_weights: dict[str, float], taste: dict[str, float], themes: dict[str, Theme]) -> Mix:
    """Domain times theme; a domain without the user's favourites is visited less."""
    mix = {
        (domain, key): domain_weights[domain] * taste[key]
        for domain in DOMAINS
        for key, theme in themes.items()
        if domain in theme.domains
    }
    total = sum(mix.values())
    return {facet: weight / total for facet, weight in mix.items()}


def _focused(facet: Facet, rest: Mix) -> Mix:
    mix = {other: (1 - _FOCUS) * share for other, share in rest.items()}
    mix[facet] += _FOCUS
    return mix
