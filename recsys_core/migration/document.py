"""The JSON document of a migration, with small groups left out."""

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from recsys_core.columns import (
    DIRECTION,
    END,
    EXCESS,
    EXPECTED,
    FROM_INTEREST,
    FROM_WINDOW,
    INTEREST,
    LEVEL,
    N_USERS,
    NAME,
    P_VALUE,
    PARENT,
    PARTIAL,
    Q_VALUE,
    SHARE,
    SIGNIFICANT,
    START,
    TO_INTEREST,
    TO_WINDOW,
    WINDOW,
)
from recsys_core.interests.interests import Interests
from recsys_core.privacy import SMALLEST_GROUP, may_be_told

if TYPE_CHECKING:
    from recsys_core.migration.migration import Migration

_FLOW: Final = [FROM_WINDOW, TO_WINDOW, FROM_INTEREST, TO_INTEREST, SHARE, EXPECTED, EXCESS]
_TESTED: Final = [P_VALUE, Q_VALUE, SIGNIFICANT]


def migration_document(migration: "Migration", run: str | None, interests: Interests) -> dict[str, Any]:
    """The fixed document of ``migrate --json``: plain lists, dicts, strings, numbers and booleans.

    ``interests`` lists all levels; times are ISO 8601 in UTC; ``null.level`` is the false discovery rate.
    Flows of groups under 10 users are left out, and so are changes in a window that has fewer, whose
    ``n_users`` is None. ``flagged`` is None where it, or who is not, is fewer.
    """
    people = migration.windows[N_USERS]
    large = migration.windows[WINDOW][people >= SMALLEST_GROUP]
    changes = migration.change_points[migration.change_points[WINDOW].isin(large)]
    windows = migration.windows.assign(
        id=migration.windows[WINDOW],
        start=migration.windows[START].map(pd.Timestamp.isoformat),
        end=migration.windows[END].map(pd.Timestamp.isoformat),
        n_users=people.astype(object).where(people >= SMALLEST_GROUP, None),
    )
    named = interests.table.rename(columns={INTEREST: "id"})
    facts = migration.document
    return {
        "run": run,
        "windows": _records(windows, ["id", START, END, PARTIAL, N_USERS]),
        "interests": _records(named, ["id", NAME, LEVEL, PARENT]),
        "flows": _records(migration.shown_flows, [*_FLOW, *_TESTED]),
        "change_points": _records(changes, [INTEREST, WINDOW, DIRECTION, P_VALUE]),
        "users": _users(int(facts["tested_users"]), int(facts["flagged_users"])),
        "null": {"shuffles": int(facts["shuffles"]), "level": float(facts["alpha"])},
    }


def _users(tested: int, flagged: int) -> dict[str, int | None]:
    told = may_be_told((flagged, tested - flagged), apart=True).all()
    return {"tested": tested if tested >= SMALLEST_GROUP else None, "flagged": flagged if told else None}


def _records(frame: pd.DataFrame, columns: list[str]) -> list[dict[str, Any]]:
    values = [frame[column].tolist() for column in columns]  # numpy scalars become Python's own
    return [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
