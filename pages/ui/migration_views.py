"""What the migration page shows of a migration: pairs of windows, streams, tables, lines worth drawing."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pages.ui.phrases import p_value
from recsys_core.columns import (
    DIRECTION,
    DOMAIN,
    EXCESS,
    EXPECTED,
    FROM_DOMAIN,
    FROM_INTEREST,
    FROM_WINDOW,
    HIGH,
    INTEREST,
    LOW,
    N_USERS,
    P_VALUE,
    PARTIAL,
    Q_VALUE,
    SHARE,
    SIGNIFICANT,
    TO_DOMAIN,
    TO_INTEREST,
    TO_WINDOW,
    WINDOW,
)
from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.migration import Migration
from recsys_core.workspace.records import DatasetInfo

ARROW = " → "


def only_window(info: DatasetInfo, size: WindowSize) -> str:
    """The id of the window that all events lie in; "" where there are more."""
    windows = windows_between(int(info.first.timestamp()), int(info.last.timestamp()), size)
    return windows[0].id if len(windows) == 1 else ""


def pairs(migration: Migration) -> list[str]:
    """Consecutive windows with flows, oldest first, as "2013-Q1 → 2013-Q2"."""
    seen = migration.flows[[FROM_WINDOW, TO_WINDOW]].drop_duplicates().itertuples(index=False)
    order = {window: i for i, window in enumerate(migration.windows[WINDOW])}
    return [f"{a}{ARROW}{b}" for a, b in sorted(seen, key=lambda pair: order[pair[0]])]


def busiest_pair(flows: pd.DataFrame) -> str:
    """The pair where most moved beyond chance: the one worth seeing first; "" where nothing did."""
    moved = moves(flows)
    weight = (moved[EXCESS] * moved[N_USERS]).groupby([moved[FROM_WINDOW], moved[TO_WINDOW]]).sum()
    return "" if moved.empty else ARROW.join(weight.idxmax())


def flows_of(flows: pd.DataFrame, pair: str) -> pd.DataFrame:
    """The rows of one pair of windows."""
    first, second = pair.split(ARROW)
    return flows[(flows[FROM_WINDOW] == first) & (flows[TO_WINDOW] == second)]


def migration_flows(migration: Migration) -> pd.DataFrame:
    """The flows of all consecutive windows, ``weighted``; groups of fewer than 10 users are left out."""
    shares = migration.shares
    return weighted(migration.shown_flows, shares[shares[DOMAIN] == ""])


def weighted(flows: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """``flows`` with ``held``, the fraction of the first window's activity that the interest left has, and
    ``weight``, what of it went there; ``held``: ``window, interest, share``.
    """
    left = pd.MultiIndex.from_frame(flows[[FROM_WINDOW, FROM_INTEREST]])
    share = np.nan_to_num(held.set_index([WINDOW, INTEREST])[SHARE].reindex(left).to_numpy())
    return flows.assign(held=share, weight=flows[SHARE].to_numpy() * share)


def moves(flows: pd.DataFrame) -> pd.DataFrame:
    """Significant moves beyond chance from one interest to another, the largest excess first."""
    different = flows[FROM_INTEREST] != flows[TO_INTEREST]
    if FROM_DOMAIN in flows:
        different |= flows[FROM_DOMAIN] != flows[TO_DOMAIN]
    sure = flows[different & flows[SIGNIFICANT].astype(bool) & (flows[EXCESS] > 0)]
    return sure.sort_values(EXCESS, ascending=False, kind="stable")


def flow_table(flows: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """Flows for reading: names, percent, points; the largest excess first."""
    ordered = flows.sort_values(EXCESS, ascending=False, kind="stable")
    domains = {"From domain": FROM_DOMAIN, "To domain": TO_DOMAIN}
    return pd.DataFrame(
        {
            "First window": ordered[FROM_WINDOW],
            "Next window": ordered[TO_WINDOW],
            **{label: ordered[column] for label, column in domains.items() if column in ordered},
            "From": ordered[FROM_INTEREST].map(names),
            "To": ordered[TO_INTEREST].map(names),
            "Share (%)": 100 * ordered[SHARE],
            "Low (%)": 100 * ordered[LOW],
            "High (%)": 100 * ordered[HIGH],
            "By chance (%)": 100 * ordered[EXPECTED],
            "Excess (points)": 100 * ordered[EXCESS],
            "Corrected p": [p_value(q) for q in ordered[Q_VALUE]],
            "Significant": ordered[SIGNIFICANT].astype(bool),
            "People": ordered[N_USERS],
        }
    )


def telling_interests(migration: Migration, domain: str, most: int = 5) -> list[int]:
    """The interests worth a line: those that changed for good, then the largest; ids."""
    shares = migration.shares[migration.shares[DOMAIN] == domain]
    changed = migration.change_points.reindex(
        migration.change_points["shift"].abs().sort_values(ascending=False, kind="stable").index
    )[INTEREST]
    largest = shares.groupby(INTEREST)[SHARE].mean().sort_values(ascending=False, kind="stable").index
    return list(dict.fromkeys(int(i) for i in (*changed, *largest)))[:most]


def share_table(shares: pd.DataFrame, names: Mapping[int, str]) -> pd.DataFrame:
    """Shares for reading."""
    return pd.DataFrame(
        {
            "Window": shares[WINDOW],
            "Interest": shares[INTEREST].map(names),
            "Domain": shares[DOMAIN].where(shares[DOMAIN] != "", "all"),
            "Share (%)": 100 * shares[SHARE],
            "Low (%)": 100 * shares[LOW],
            "High (%)": 100 * shares[HIGH],
        }
    )


def change_table(migration: Migration, names: Mapping[int, str]) -> pd.DataFrame:
    """Interests that rose or faded for good, the largest shift first."""
    changes = migration.change_points
    table = pd.DataFrame(
        {
            "Interest": changes[INTEREST].map(names),
            "Since": changes[WINDOW],
            "Direction": changes[DIRECTION],
            "Shift (points)": 100 * changes["shift"],
            "p": [p_value(p) for p in changes[P_VALUE]],
        }
    )
    return table.sort_values("Shift (points)", key=lambda v: -v.abs(), kind="stable", ignore_index=True)


def partial_windows(migration: Migration) -> list[str]:
    """Ids of windows that the log fills only in part."""
    return list(migration.windows.loc[migration.windows[PARTIAL].astype(bool), WINDOW])
