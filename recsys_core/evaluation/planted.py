"""What the sample's generator planted, beside what was found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import (
    DOMAIN,
    FROM_INTEREST,
    ITEM_ID,
    P_VALUE,
    SIGNIFICANT,
    START,
    TO_INTEREST,
    TO_WINDOW,
    USER,
    WINDOW,
)
from recsys_core.interests.interests import Interests
from recsys_core.migration.migration import Migration

COLUMNS: Final = (
    "cohort",
    "planted_month",
    "planted_from",
    "planted_to",
    "found_from",
    "found_to",
    "found_window",
    "flow_significant",
    "users",
    "users_flagged",
    "agrees",
)


def planted_and_found(
    dataset: Dataset, interests: Interests, migration: Migration, plants: Mapping[str, Any]
) -> pd.DataFrame:
    """One row per planted cohort of ``plants`` (the sample's ``truth.json``), columns ``COLUMNS``.

    ``found_from`` and ``found_to``: the interests that hold most items of the planted themes.
    ``found_window``: the first window of the cohort's strongest significant flow between them, "" where
    none is significant. ``users_flagged``: how many of the cohort's users were found to drift.
    ``agrees``: for movers, a significant flow whose windows touch the planted month; for the steady,
    no more users flagged than one in ten.
    """
    holder = _theme_interests(dataset, interests, migration.level, plants["item_themes"])
    flagged = set(migration.users.loc[migration.users["flagged"], USER].tolist())
    rows = []
    for cohort in plants["cohorts"]:
        ends = [holder[cohort[end]["domain"], cohort[end]["theme"]] for end in ("from", "to")]
        members = [dataset.user_row(user) for user in cohort["users"]]
        rows.append(_row(cohort, plants["themes"], interests, migration, ends, members, flagged))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    cohort: Mapping[str, Any],
    themes: Mapping[str, Any],
    interests: Interests,
    migration: Migration,
    ends: Sequence[int],
    members: Sequence[int],
    flagged: set[int],
) -> tuple[object, ...]:
    moves = cohort["kind"] != "steady"
    window = _strongest_window(migration, (ends[0], ends[1]), cohort["month"]) if moves else ""
    caught = sum(member in flagged for member in members)
    agrees = bool(window) if moves else caught <= len(members) / 10
    planted = (f"{themes[cohort[e]['theme']]['name']} ({cohort[e]['domain']})" for e in ("from", "to"))
    found = (interests.name(end) for end in ends)
    month = cohort["month"] or ""
    return (cohort["name"], month, *planted, *found, window, bool(window), len(members), caught, agrees)


def _theme_interests(
    dataset: Dataset, interests: Interests, level: int, item_themes: Mapping[str, Mapping[str, str]]
) -> dict[tuple[str, str], int]:
    """The interest that holds most items of each (domain, theme)."""
    held: dict[tuple[str, str], Counter[int]] = {}
    places = zip(dataset.items[DOMAIN], dataset.items[ITEM_ID], interests.item_interest[level], strict=True)
    for domain, item, interest in places:
        theme = item_themes.get(domain, {}).get(item)
        if theme is not None:
            held.setdefault((domain, theme), Counter())[int(interest)] += 1
    return {key: counts.most_common(1)[0][0] for key, counts in held.items()}


def _strongest_window(migration: Migration, ends: tuple[int, int], month: str) -> str:
    """Id of the window into which the most significant flow ran, of those within a window of ``month``."""
    flows = migration.flows[migration.flows[SIGNIFICANT]]
    fits = flows[(flows[FROM_INTEREST] == ends[0]) & (flows[TO_INTEREST] == ends[1])]
    ids = migration.windows[WINDOW].tolist()
    at = int((migration.windows[START] <= pd.Timestamp(month, tz="UTC")).sum()) - 1
    near = fits[fits[TO_WINDOW].isin(ids[max(0, at - 1) : at + 2])]
    return "" if near.empty else str(near.sort_values(P_VALUE)[TO_WINDOW].iloc[0])
