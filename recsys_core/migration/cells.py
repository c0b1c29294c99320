"""Cells: the evidence on flows as a table, with what is significant marked."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from recsys_core.columns import (
    EXCESS,
    EXPECTED,
    FROM_INTEREST,
    FROM_WINDOW,
    HIGH,
    LOW,
    N_USERS,
    P_VALUE,
    Q_VALUE,
    SHARE,
    SIGNIFICANT,
    TO_INTEREST,
    TO_WINDOW,
)
from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Flags, Floats
from recsys_core.migration.discoveries import ALPHA, false_discovery_rates
from recsys_core.migration.null import FlowEvidence
from recsys_core.privacy import SMALLEST_GROUP, may_be_told

CELL_COLUMNS: Final = {
    FROM_WINDOW: "str",
    TO_WINDOW: "str",
    FROM_INTEREST: "i8",
    TO_INTEREST: "i8",
    SHARE: "f8",
    LOW: "f8",
    HIGH: "f8",
    EXPECTED: "f8",
    EXCESS: "f8",
    P_VALUE: "f8",
    Q_VALUE: "f8",
    SIGNIFICANT: "bool",
    N_USERS: "i8",
}
"""Columns of ``Migration.flows`` and their types."""

_NEVER: Final = 1e-9


def flow_cells(
    evidence: FlowEvidence, steps: Sequence[tuple[Window, Window]], interests: Sequence[int], wanted: Flags
) -> pd.DataFrame:
    """The frame ``Migration.flows``: cells that were seen or expected, of the ``wanted`` (K, K).

    ``steps``: the B pairs of windows; ``interests``: (K,) ids of rows and columns. Tested are different rows
    and columns whose row rests on at least ``SMALLEST_GROUP`` users, for more than expected; low and high
    are share ± 1.96 standard errors over users, kept within 0 and 1. Where that interval reaches down to
    what is expected, one or two users carry the whole flow: p = 1, among the tested.
    """
    reached = (np.nan_to_num(evidence.share) > _NEVER) | (evidence.expected > _NEVER)
    block, row, column = np.nonzero(reached & ~np.isnan(evidence.share) & wanted)
    at = (block, row, column)
    share, expected, error = evidence.share[at], evidence.expected[at], evidence.error[at]
    n_users = evidence.n_users[block, row]
    low, high = np.clip(share - 1.96 * error, 0, 1), np.clip(share + 1.96 * error, 0, 1)
    carried = np.where(low > expected, evidence.p[at], 1.0)
    p, q = _tested(carried, (row != column) & (n_users >= SMALLEST_GROUP))
    ids = np.asarray(interests, np.int64)
    starts, ends = (np.array([step[side].id for step in steps], object) for side in (0, 1))
    columns = (
        starts[block],
        ends[block],
        ids[row],
        ids[column],
        share,
        low,
        high,
        expected,
        share - expected,
        p,
        q,
        q <= ALPHA,
        n_users,
    )
    return pd.DataFrame(dict(zip(CELL_COLUMNS, columns, strict=True))).astype(CELL_COLUMNS)


def no_cells() -> pd.DataFrame:
    """The same frame without rows."""
    return pd.DataFrame(columns=list(CELL_COLUMNS)).astype(CELL_COLUMNS)


def shown_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """The rows that may leave the house: of each pair of windows, those out of interests that
    ``may_be_told``. Where everybody comes back, the shares of the next window are the sums of these, so one
    interest left out alone could be worked out.
    """
    left = [FROM_WINDOW, TO_WINDOW, FROM_INTEREST]
    groups = cells.drop_duplicates(left)
    sizes = groups.groupby(left[:2], sort=False)[N_USERS]
    told = sizes.transform(lambda people: may_be_told(people, apart=False)).astype(bool)
    shown = pd.MultiIndex.from_frame(groups.loc[told, left])
    return cells[pd.MultiIndex.from_frame(cells[left]).isin(shown)]


def _tested(p: Floats, tested: Flags) -> tuple[Floats, Floats]:
    """P and q, both 1 where nothing was tested."""
    kept, q = np.where(tested, p, 1.0), np.ones(len(p))
    q[tested] = false_discovery_rates(p[tested])
    return kept, q
