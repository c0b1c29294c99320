"""What the journey page shows of one user."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pages.ui.phrases import called, count, most_of, p_value
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DRIFT, EXPECTED, FLAGGED, ITEM, NAME, P_VALUE, USER, WINDOW, X, Y
from recsys_core.interests.interests import Interests
from recsys_core.interests.projection import InterestMap
from recsys_core.logs.windows import Window, window_index
from recsys_core.migration.migration import Migration

FRACTIONS: Final = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
"""Of people: what the table of everybody's strength of change tells."""


@dataclass(frozen=True)
class Drift:
    """How much one user changed: ``drift`` and what the user's own shuffles give, ``expected``; ``p`` in
    (0, 1]; ``window`` where the strongest change begins; ``more_than``: fraction of tested users who
    changed less.
    """

    drift: float
    expected: float
    p: float
    window: str
    flagged: bool
    more_than: float


def events_of(dataset: Dataset, interests: Interests, user: int, level: int) -> pd.DataFrame:
    """The user's events, oldest first: ``when`` (UTC), ``domain``, ``interest``, ``title``, ``item``."""
    history = dataset.history(user)
    held = interests.item_interest[level][history.items]
    return pd.DataFrame(
        {
            "when": pd.to_datetime(history.times, unit="s", utc=True),
            "domain": np.asarray(dataset.domains, object)[dataset.item_domain[history.items]],
            "interest": interests.table[NAME].to_numpy(object)[held],
            "title": dataset.labels[history.items],
            "item": history.items,
        }
    )


def mix_per_window(events: pd.DataFrame, windows: tuple[Window, ...], group: str) -> pd.DataFrame:
    """``window``, ``group``, ``share``, ``n_events`` of each window with events; shares of one sum to 1."""
    seconds = events["when"].dt.as_unit("s").astype("int64").to_numpy()
    ids = np.asarray([window.id for window in windows], object)
    named = events.assign(window=ids[window_index(seconds, windows)], group=events[group])
    n = named.groupby(["window", "group"], sort=False).size().rename("n_events").reset_index()
    return n.assign(share=n["n_events"] / n.groupby("window")["n_events"].transform("sum"))


def drift_of(migration: Migration | None, user: int) -> Drift | None:
    """How the user changed; None where migration was not computed or the user has too few events."""
    if migration is None:
        return None
    rows = migration.users[migration.users[USER] == user]
    if rows.empty:
        return None
    row = rows.iloc[0]
    beyond = migration.users[DRIFT] - migration.users[EXPECTED]
    more_than = float((beyond < row[DRIFT] - row[EXPECTED]).mean())
    return Drift(
        float(row[DRIFT]),
        float(row[EXPECTED]),
        float(row[P_VALUE]),
        str(row[WINDOW]),
        bool(row[FLAGGED]),
        more_than,
    )


def headline(events: pd.DataFrame, drift: Drift | None) -> str:
    """The answer: did this user's interests move?"""
    first, last = (events["when"].iloc[i].strftime("%B %Y") for i in (0, -1))
    main = str(events["interest"].mode().iloc[0])
    about = f"{count(len(events))} events from {first} to {last}, most in {called(main)}"
    if drift is None:
        return f"{about}."
    if drift.flagged:
        return (
            f"Moved in {drift.window}, more than {most_of(drift.more_than, 'people')} and more than "
            f"this user's own chance. {about}."
        )
    return f"No change beyond this user's own chance. {about}."


def drift_sentence(drift: Drift | None, computed: bool) -> str:
    """The change against the user's own chance, in words."""
    if drift is None and not computed:
        return "How much this user changed is not known yet: compute migration first."
    if drift is None:
        return "This user has too few events to tell change from chance."
    p = f"p {p_value(drift.p)}" if drift.p < 0.001 else f"p = {p_value(drift.p)}"
    sure = "beyond" if drift.flagged else "within"
    return (
        f"The strongest change begins in {drift.window}: strength {drift.drift:.2f}, where this user's own "
        f"events in shuffled order give {drift.expected:.2f} on average ({p}). That is {sure} chance, "
        f"and more than for {most_of(drift.more_than, 'people tested')}."
    )


def drift_table(everyone: np.ndarray) -> pd.DataFrame:
    """Below which strength of change how many people are: what may be told of everybody."""
    return pd.DataFrame(
        {
            "Of people (%)": [100 * fraction for fraction in FRACTIONS],
            "Changed by less than": np.quantile(everyone, FRACTIONS),
        }
    )


def titles_around(
    dataset: Dataset, interests: Interests, atlas: InterestMap, user: int, level: int, most: int = 10
) -> pd.DataFrame:
    """Titles nearest on the map to where the user was last, without those already taken."""
    here = atlas.users[atlas.users[USER] == user]
    if here.empty:
        return pd.DataFrame({"Title": [], "Interest": [], "Domain": []})
    x, y = here[[X, Y]].iloc[-1]
    others = atlas.items[~atlas.items[ITEM].isin(dataset.history(user).items)]
    order = np.argsort(((others[X] - x) ** 2 + (others[Y] - y) ** 2).to_numpy(), kind="stable")[:most]
    rows = others[ITEM].to_numpy()[order]
    held = interests.item_interest[level][rows]
    return pd.DataFrame(
        {
            "Title": dataset.labels[rows],
            "Interest": interests.table[NAME].to_numpy(object)[held],
            "Domain": np.asarray(dataset.domains, object)[dataset.item_domain[rows]],
        }
    )
