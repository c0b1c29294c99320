"""What was planted in generated samples and is found (moves, months, shares), and what else is claimed."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DOMAIN, ITEM_ID
from recsys_core.evaluation.planted import planted_and_found
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import WindowSize
from recsys_core.migration.measuring import measure_migration
from recsys_core.migration.migration import Migration
from recsys_core.pipeline import find_interests, load_interests
from recsys_core.workspace.workspace import Workspace
from sample_data.generate import make_sample, truth_of, write_sample
from tests.benchmarks.shop import Floats, sample, table

SEEDS = ("driftmap 1", "driftmap 2", "driftmap 3", "driftmap 4")
SHUFFLES = 200
THEMES = 12
Truth = Mapping[str, Any]


def test_what_was_planted_is_found_and_nothing_else(tmp_path: Path) -> None:
    rows = [_told(seed, tmp_path / seed.replace(" ", "-")) for seed in SEEDS]
    rows.append(("all", *(np.concatenate(column) for column in zip(*(row[1:] for row in rows), strict=True))))
    head = (
        "sample",
        "moves found",
        "members flagged",
        "month, cohort ± 1",
        "month, member ± 1",
        "largest error of a share",
        "flows among the steady",
        "steady flagged",
    )
    print(f"\nFive moves in each of {len(SEEDS)} samples; wanted: 0.95, -, 1, -, 0.05, 0, 0.05")
    print(table(head, [(row[0], *_figures(*row[1:])) for row in rows]))
    found, *_ = rows[-1][1:]
    assert found.mean() >= 0.95


def _figures(
    found: Floats, flagged: Floats, late: Floats, members: Floats, apart: Floats, false: Floats, still: Floats
) -> tuple[str, ...]:
    return (
        f"{found.mean():.2f}",
        f"{flagged.mean():.2f}",
        f"{(np.abs(late) <= 1).mean():.2f}",
        f"{(np.abs(members) <= 1).mean():.2f}",
        f"{apart.max():.3f}",
        f"{false.sum():.0f}",
        f"{still.mean():.3f}",
    )


def _told(seed: str, folder: Path) -> tuple[Any, ...]:
    dataset, vectors, interests, truth = _sample(seed, folder)
    by_quarter = _measured(dataset, interests, vectors, WindowSize.QUARTER)
    by_month = _measured(dataset, interests, vectors, WindowSize.MONTH)
    of_themes = _measured(dataset, _planted(dataset, truth, vectors), vectors, WindowSize.QUARTER)
    found = planted_and_found(dataset, interests, by_quarter, truth)
    moving = [cohort for cohort in truth["cohorts"] if cohort["kind"] != "steady"]
    months = [_months_late(by_month, cohort, dataset) for cohort in moving]
    steady = _members(dataset, [cohort for cohort in truth["cohorts"] if cohort["kind"] == "steady"])
    alone = _measured(
        dataset.select_events(np.isin(dataset.user, steady)), interests, vectors, WindowSize.QUARTER
    )
    of_steady = by_quarter.users["user"].isin(steady)
    moved = found["planted_month"] != ""
    return (
        seed,
        found.loc[moved, "agrees"].to_numpy(np.float64),
        (found.loc[moved, "users_flagged"] / found.loc[moved, "users"]).to_numpy(np.float64),
        np.array([np.median(month) for month in months]),
        np.concatenate(months),
        _errors(by_quarter, of_themes, interests, found, truth),
        np.array([alone.flows["significant"].sum()], np.float64),
        by_quarter.users.loc[of_steady, "flagged"].to_numpy(np.float64),
    )


def _sample(seed: str, folder: Path) -> tuple[Dataset, Floats, Interests, Truth]:
    made = make_sample(seed)
    write_sample(made, folder)
    dataset, vectors = sample(folder / "workspace", folder)
    ws = Workspace.open(folder / "workspace")
    find_interests(ws, "sample", k=THEMES)
    interests = load_interests(ws, "sample", 1, None)
    assert interests is not None
    return dataset, vectors, interests, truth_of(made)


def _measured(dataset: Dataset, interests: Interests, vectors: Floats, size: WindowSize) -> Migration:
    rng = np.random.default_rng(0)
    return measure_migration(dataset, interests, vectors, 0, size, rng, shuffles=SHUFFLES)


def _members(dataset: Dataset, cohorts: list[Truth]) -> list[int]:
    return [dataset.user_row(user) for cohort in cohorts for user in cohort["users"]]


def _months_late(migration: Migration, cohort: Truth, dataset: Dataset) -> Floats:
    """(flagged members,) months between the planted month and the one told."""
    users = migration.users[migration.users["flagged"]]
    told = pd.PeriodIndex(users.loc[users["user"].isin(_members(dataset, [cohort])), "window"], freq="M")
    return np.asarray(told.astype("int64") - pd.Period(cohort["month"], freq="M").ordinal, np.float64)


def _planted(dataset: Dataset, truth: Truth, vectors: Floats) -> Interests:
    """The themes themselves as interests."""
    themes = list(truth["themes"])
    places = zip(dataset.items[DOMAIN], dataset.items[ITEM_ID], strict=True)
    held = np.array([themes.index(truth["item_themes"][domain][item]) for domain, item in places])
    means = np.stack([vectors[held == theme].mean(axis=0) for theme in range(len(themes))])
    facts = pd.DataFrame(
        {
            "interest": np.arange(len(themes)),
            "level": 0,
            "parent": -1,
            "name": [truth["themes"][theme]["name"] for theme in themes],
        }
    )
    unit = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
    return Interests((len(themes),), facts, held[None], unit)


def _errors(
    found: Migration, planted: Migration, interests: Interests, told: pd.DataFrame, truth: Truth
) -> Floats:
    """(moves found,) how far the share of a move lies from that of the same flow between the themes."""
    ids, themes = {name: row for row, name in enumerate(interests.at_level(0)["name"])}, list(truth["themes"])
    errors = []
    for row, cohort in zip(told.to_dict("records"), truth["cohorts"], strict=True):
        if row["found_window"]:
            ends = (ids[row["found_from"]], ids[row["found_to"]])
            true_ends = (themes.index(cohort["from"]["theme"]), themes.index(cohort["to"]["theme"]))
            into = str(row["found_window"])
            errors.append(abs(_share(found, into, ends) - _share(planted, into, true_ends)))
    return np.array(errors)


def _share(migration: Migration, into: str, ends: tuple[int, int]) -> float:
    flows = migration.flows
    cell = (
        (flows["to_window"] == into) & (flows["from_interest"] == ends[0]) & (flows["to_interest"] == ends[1])
    )
    return float(flows.loc[cell, "share"].sum())
