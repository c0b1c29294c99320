"""The result: where interests went, what of it is beyond chance, and since when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import pandas as pd

from recsys_core.columns import FROM_WINDOW, KEPT, N_USERS, TO_WINDOW, WINDOW
from recsys_core.interests.interests import Interests
from recsys_core.migration.cells import shown_cells
from recsys_core.migration.document import migration_document
from recsys_core.migration.population import POPULATION_COLUMNS, POPULATION_MEASURES
from recsys_core.parts import Parts
from recsys_core.privacy import SMALLEST_GROUP

_FRAMES: Final = ("windows", "flows", "between_domains", "shares", "change_points", "users", "population")
_FORECAST: Final = ("forecast", "forecast_scores", "next_mixes")


@dataclass(frozen=True, eq=False)
class Migration:
    """Movement between the interests of one level over windows of one size.

    All shares, expected shares and excesses are fractions in [0, 1]; all p and q lie in (0, 1].

    ``windows``: one row per window, oldest first: ``window`` (id), ``start``, ``end`` (UTC, end
    exclusive), ``partial``, ``n_users``, ``n_events``.

    ``flows``: one row per cell that was seen or expected: ``from_window``, ``to_window`` (the next one),
    ``from_interest``, ``to_interest`` (interest ids; equal: what stayed), ``share`` of the interest
    held in the first window by users active in both that went there (sums to 1 over ``to_interest``),
    ``low``, ``high`` (95 %, over users), ``expected`` (mean of the shuffles), ``excess`` = share -
    expected, ``p``, ``q`` (Benjamini-Hochberg over all tested cells), ``significant`` (q ≤ alpha),
    ``n_users`` who held the interest in the first window and were active in both.
    Only movement (two different interests) out of a group of at least 10 users is tested; elsewhere
    p = q = 1, and so where ``low`` is not above ``expected``.

    ``between_domains``: the same between interests of different domains, with ``from_domain`` and
    ``to_domain`` (names); here a share is of what was held in that interest of that domain. Empty
    where the log has one domain.

    ``shares``: ``window``, ``interest``, ``domain`` (name, "" = all), ``share`` (mean over the users of
    that window), ``low``, ``high`` (95 %, user-level bootstrap).

    ``change_points``: ``interest``, ``window`` (the first of the new level), ``direction``
    ("rising" or "fading"), ``p``, ``q``, ``shift`` (change of share, signed). Only those with q ≤ alpha.

    ``users``: one row per tested user: ``user`` (row number), ``window`` in which the strongest change
    begins, ``n_events``, ``drift`` (strength of that change, see ``drift.user_drift``), ``expected`` under
    the user's own shuffles, ``p``, ``q``, ``flagged`` (q ≤ alpha).

    ``population``: per pair of consecutive windows ``from_window``, ``to_window``, ``distance``
    (energy distance between the mixes of their users, ≥ 0), ``noise`` (its mean when users are
    exchanged), ``p``, ``q`` (Benjamini-Hochberg over all pairs), ``effect`` (the distance as a fraction of
    the largest possible, 0 to 1), ``floor``, ``floor_high`` (effect between random halves of one window's
    users, mean and 95 % quantile), ``n_users`` (of the sample it rests on), ``new_share`` (of the second
    window's events, those on items without an event before), ``kept_share`` (of both windows' events, those
    on items taken in both), and all measures again on the items taken in both (``kept_distance``, …).

    ``forecast``: what comes after the last whole window: ``from_window`` (that one), ``to_window``,
    ``interest``, ``share`` (as in ``shares``, all domains), ``forecast``, ``low``, ``high`` (95 %).

    ``forecast_scores``: ``method`` (persistence, ema, markov, ema-markov), ``measure``: ``log_loss`` (nats
    per event), ``js_distance`` (in [0, 1]) and ``missed`` (fraction of activity outside the interest called
    likeliest), of the next mix of the users who came back in the last whole window; ``share_error``
    (absolute error of a forecast share) over past windows. Lower is better. ``value``, ``low``, ``high``;
    ``difference`` to persistence with ``difference_low``, ``difference_high`` (all intervals 95 %);
    ``better`` (the whole interval below 0, of users below -0.001), ``chosen``, ``n_compared`` (users or
    windows), ``setting``.

    ``next_mixes``: ``user`` (row number), ``interest``, ``share``: the likeliest interests of each user's
    next active window by the chosen method, at most 5, the likeliest first. The three frames are empty
    where there are too few windows; ``document["no_forecast"]`` then says so.

    Expected, p and q come from shuffles of each user's items among that user's own event times, whole days
    together (see ``shuffling``).

    ``document``: ``shuffles``, ``alpha``, ``smallest_group``, ``tested_cells``, ``tested_users``,
    ``flagged_users``, ``population_sample``, ``no_forecast``.
    """

    level: int
    window_size: str
    windows: pd.DataFrame
    flows: pd.DataFrame
    between_domains: pd.DataFrame
    shares: pd.DataFrame
    change_points: pd.DataFrame
    users: pd.DataFrame
    population: pd.DataFrame
    document: Mapping[str, Any]
    forecast: pd.DataFrame = field(default_factory=pd.DataFrame)
    forecast_scores: pd.DataFrame = field(default_factory=pd.DataFrame)
    next_mixes: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def shown_flows(self) -> pd.DataFrame:
        """What of ``flows`` may leave the house: see ``shown_cells``."""
        return shown_cells(self.flows)

    @property
    def shown_population(self) -> pd.DataFrame:
        """The rows of ``population`` between two windows of at least 10 users, what rests on fewer users of
        items taken in both being NaN.
        """
        people = self.windows.set_index(WINDOW)[N_USERS]
        ends = [self.population[side].map(people) >= SMALLEST_GROUP for side in (FROM_WINDOW, TO_WINDOW)]
        shown = self.population[ends[0] & ends[1]]
        kept = [KEPT + measure for measure in POPULATION_MEASURES]
        return shown.assign(**shown[kept].where(shown[KEPT + N_USERS] >= SMALLEST_GROUP))

    def flows_from(self, window: str) -> pd.DataFrame:
        """The rows of ``flows`` that start in one window (id)."""
        return self.flows[self.flows[FROM_WINDOW] == window]

    def parts(self) -> Parts:
        """What is saved."""
        document = {**self.document, "interest_level": self.level, "window_size": self.window_size}
        return Parts(document, {name: getattr(self, name) for name in (*_FRAMES, *_FORECAST)})

    @classmethod
    def from_parts(cls, parts: Parts) -> "Migration":
        """The inverse of ``parts``; what was saved before there were forecasts has empty ones."""
        document = dict(parts.document)
        level, size = int(document.pop("interest_level")), str(document.pop("window_size"))
        frames = {name: parts.frames[name] for name in _FRAMES}
        population = frames["population"].reindex(columns=list(POPULATION_COLUMNS))  # NaN: not known
        frames["population"] = population
        frames |= {name: parts.frames[name] for name in _FORECAST if name in parts.frames}
        return cls(level, size, document=document, **frames)

    def to_json(self, run: str | None, interests: Interests) -> dict[str, Any]:
        """The document that ``driftmap migrate --json`` prints; see ``migration_document``."""
        return migration_document(self, run, interests)
