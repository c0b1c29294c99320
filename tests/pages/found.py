"""Small literal results for the dataset "shop", saved as a job would save them."""

import numpy as np
import pandas as pd

from recsys_core.evaluation.cold_curve import CURVE_COLUMNS
from recsys_core.evaluation.scorecard import Compared, Interval, ModelScore, Scorecard, Verdict
from recsys_core.evaluation.slices import GAP_COLUMNS, SLICE_COLUMNS
from recsys_core.evaluation.transfer_matrix import Direction, TransferMatrix
from recsys_core.interests.interests import Interests
from recsys_core.interests.points import MapPoints, Points
from recsys_core.interests.projection import InterestMap
from recsys_core.interests.reference import MapReference
from recsys_core.interests.space import MapSpace
from recsys_core.interests.stability import Stability
from recsys_core.migration.migration import Migration
from recsys_core.migration.population import POPULATION_COLUMNS
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace

QUARTERS = ("2024-01", "2024-02", "2024-03")


def interests() -> Interests:
    """Level 0: Tea, Pots. Level 1: Green tea, Black tea, Pots and pans. f0…f4 then k0…k3."""
    table = pd.DataFrame(
        [
            (0, 0, -1, "Tea", "tea, cup", 5, 180),
            (1, 0, -1, "Pots", "pot, pan", 4, 55),
            (2, 1, 0, "Green tea", "green, tea", 3, 108),
            (3, 1, 0, "Black tea", "black, tea", 2, 72),
            (4, 1, 1, "Pots and pans", "pot, pan", 4, 55),
        ],
        columns=["interest", "level", "parent", "name", "terms", "n_items", "n_events"],
    )
    item_interest = np.array([[0, 0, 0, 0, 0, 1, 1, 1, 1], [2, 2, 2, 3, 3, 4, 4, 4, 4]], np.int64)
    ari, jaccard = np.array([0.97, 0.4]), np.array([0.99, 0.98, 0.3, 0.4, 0.8])
    stability = Stability(ari, ari - 0.1, ari + 0.02, jaccard, repeats=20, n_drawn=9)
    return Interests((2, 3), table, item_interest, np.eye(5, 2, dtype=np.float32), stability)


def interest_map() -> InterestMap:
    """Titles in a row from left to right; u00 and u01 in two windows each."""
    items = pd.DataFrame({"item": range(9), "x": np.arange(9.0), "y": [0.0, 1, 0, 1, 0, 1, 0, 1, 0]})
    users = pd.DataFrame(
        {
            "user": [0, 0, 1, 1],
            "window": ["2024-01", "2024-03", "2024-01", "2024-03"],
            "x": [0.5, 6.5, 1.5, 7.5],
            "y": [0.5, 0.5, 0.4, 0.4],
            "n_events": [2, 2, 3, 1],
            "interest": [0, 1, 0, 1],
        }
    )
    axes = np.eye(2, dtype=np.float32)
    space = MapSpace(np.zeros(2, np.float32), np.zeros(2, np.float32), axes)
    reference = MapReference(space, axes, np.zeros((2, 2), np.float32))
    user_interest = np.array([[0, 1, 0, 1], [2, 4, 3, 4]], np.int64)
    return InterestMap(items, users, user_interest, reference, 0.97, 0.61, 0.9, 9, 2)


def map_points() -> MapPoints:
    """Titles and people at growing angles: each is nearest to those beside it."""
    titles, people = (np.radians(9.0 * np.arange(n)) for n in (9, 2))
    item, user = (np.stack([np.cos(a), np.sin(a)], axis=1).astype(np.float16) for a in (titles, people))
    return MapPoints(Points(np.arange(9), item), Points(np.arange(2), user))


def migration() -> Migration:
    """Tea to pots in the second step, 30 points beyond chance; u00 flagged."""
    windows = pd.DataFrame(
        {
            "window": QUARTERS,
            "start": pd.to_datetime(["2024-01-01", "2024-02-01", "2024-03-01"], utc=True),
            "end": pd.to_datetime(["2024-02-01", "2024-03-01", "2024-04-01"], utc=True),
            "partial": [True, False, False],
            "n_users": [60, 60, 60],
            "n_events": [60, 60, 115],
        }
    )
    return Migration(
        0,
        "month",
        windows,
        _flows(),
        _flows().head(0).assign(from_domain="", to_domain=""),
        _shares(),
        pd.DataFrame(
            [(1, "2024-03", "rising", 0.0005, 0.001, 0.4)],
            columns=["interest", "window", "direction", "p", "q", "shift"],
        ),
        pd.DataFrame(
            [(0, "2024-03", 4, 0.7, 0.1, 0.0004, 0.001, True), (1, "2024-03", 4, 0.2, 0.2, 0.6, 0.6, False)],
            columns=["user", "window", "n_events", "drift", "expected", "p", "q", "flagged"],
        ),
        _population(),
        {
            "shuffles": 300,
            "alpha": 0.05,
            "smallest_group": 10,
            "tested_cells": 2,
            "tested_users": 2,
            "flagged_users": 1,
            "population_sample": 60,
        },
    )


def scorecard(transfer: str = "gain") -> Scorecard:
    """Blend 0.06, recent popularity 0.04."""
    ratio = {"gain": (1.5, 1.2, 1.8), "none": (1.03, 0.9, 1.2), "harm": (0.8, 0.7, 0.9)}[transfer]
    models = tuple(
        ModelScore(
            name,
            {"ndcg@10": Interval(m, m - 0.01, m + 0.01), "hit@10": Interval(2 * m, m, 3 * m)},
            1.0,
            99,
            ms_per_user=0.2,
            compared={
                "recent-popularity": Compared(
                    {"ndcg@10": Interval(m - 0.04, m - 0.045, m - 0.035)},
                    Interval(m / 0.04, m / 0.05, m / 0.03),
                )
            },
        )
        for name, m in (("blend", 0.06), ("recent-popularity", 0.04))
    )
    per_user = pd.DataFrame({"seed": [0], "user": [0], "n_known": [3], "n_truth": [1]})
    verdict = Verdict(transfer, *ratio, "recent-popularity")
    references = {"popularity": "recent-popularity"}
    return Scorecard(
        *("cold-user", "kitchen", ("food",), "abc123", 11, 4, (0,), models, verdict, per_user),
        references=references,
        made_from={"run": None, "code_version": "0.1.0"},
        curve=pd.DataFrame(
            [
                (n, name, 0.1 * n, 0.05, 0.3, 40 - n)
                for n in (0, 1)
                for name in ("blend", "recent-popularity")
            ],
            columns=list(CURVE_COLUMNS),
        ),
        slices=pd.DataFrame(
            [
                (*group, "blend", 0.1, 0.05, 0.3, 60)
                for group in (
                    *(("truth", "both"), ("truth", "only much taken"), ("took brand", "Tefal")),
                    *(("own country", "BE"), ("own country", "NL")),
                )
            ],
            columns=list(SLICE_COLUMNS),
        ),
        gaps=pd.DataFrame(
            [
                ("truth", "blend", "both", "only much taken", 0.2, 0.1, 0.3, 0.05, 2),
                ("own country", "blend", "NL", "BE", 0.2, 0.1, 0.3, 0.05, 2),
            ],
            columns=list(GAP_COLUMNS),
        ),
    )


def transfer() -> TransferMatrix:
    """Of three domains: kitchen helps food and food kitchen, also with toys; food harms toys."""
    gain = ("gain", 1.5, 1.2, 1.9, 0.0001, 0.0003, "popularity")
    none = ("none", 1.1, 0.9, 1.3, 0.3, 0.4, "popularity")
    harm = ("harm", 0.8, 0.7, 0.9, 0.001, 0.002, "popularity")
    found = [
        Direction(("kitchen",), "food", 500, 100, *gain),
        Direction(("toys",), "food", 12),
        Direction(("kitchen", "toys"), "food", 505, 101, *none),
        Direction(("food",), "kitchen", 500, 100, *gain),
        Direction(("toys",), "kitchen", 60, 12, *none),
        Direction(("food", "toys"), "kitchen", 520, 104, *gain),
        Direction(("food",), "toys", 80, 16, *harm),
        Direction(("kitchen",), "toys", 60, 12, *none),
        Direction(("food", "kitchen"), "toys", 90, 18, *none),
    ]
    return TransferMatrix(("food", "kitchen", "toys"), (0,), tuple(found))


def save_found(ws: Workspace, info: DatasetInfo) -> None:
    """Interests, map, migration by month and the scorecard for kitchen."""
    where = (info.name, info.version, None)
    ws.save_result("interests", *where, interests().parts())
    ws.save_result("map", *where, interest_map().parts())
    ws.save_result("migration", *where, migration().parts(), "month-0")
    ws.save_result("scorecard", *where, scorecard().parts(), "cold-user:kitchen")


def _flows() -> pd.DataFrame:
    rows = [
        ("2024-01", "2024-02", 0, 0, 1.0, 0.98, 1.0, 0.99, 0.01, 1.0, 1.0, False, 60),
        ("2024-02", "2024-03", 0, 0, 0.6, 0.5, 0.7, 0.9, -0.3, 1.0, 1.0, False, 60),
        ("2024-02", "2024-03", 0, 1, 0.4, 0.3, 0.5, 0.1, 0.3, 0.0002, 0.0004, True, 60),
    ]
    columns = ["from_window", "to_window", "from_interest", "to_interest", "share", "low", "high"]
    return pd.DataFrame(rows, columns=[*columns, "expected", "excess", "p", "q", "significant", "n_users"])


def _population() -> pd.DataFrame:
    still = (0.01, 0.02, 0.01, 0.5, 0.02, 0.04, 0.5)
    moved, by_people = (0.3, 0.4, 0.01, 0.001, 0.02, 0.04, 0.002), (0.2, 0.3, 0.01, 0.002, 0.02, 0.04, 0.004)
    rows = [
        ("2024-01", "2024-02", *still, 60, 0.0, 1.0, *still, 60),
        ("2024-02", "2024-03", *moved, 60, 0.25, 0.7, *by_people, 58),
    ]
    return pd.DataFrame(rows, columns=list(POPULATION_COLUMNS))


def _shares() -> pd.DataFrame:
    rows = [
        (window, interest, domain, share, share - 0.05, share + 0.05)
        for domain in ("", "food", "kitchen")
        for window, pots in zip(QUARTERS, (0.0, 0.0, 0.4), strict=True)
        for interest, share in ((0, 1 - pots), (1, pots))
    ]
    return pd.DataFrame(rows, columns=["window", "interest", "domain", "share", "low", "high"])
