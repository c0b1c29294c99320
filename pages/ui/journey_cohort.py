"""The journey of a cohort: its events, its mean mix, its way and its drift. Never of fewer than 10 people."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.ui.colours import GREY
from pages.ui.figures import show_figure
from pages.ui.journey_charts import events_per_window
from pages.ui.journey_look import Look
from pages.ui.loaded import Key
from pages.ui.migration_views import share_table
from pages.ui.phrases import called, count, percent
from pages.ui.share_chart import shares_over_time
from pages.ui.share_views import OTHERS, followed
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import HIGH, INTEREST, LOW, SHARE, USER, WINDOW
from recsys_core.logs.windows import window_index
from recsys_core.migration.mixes import interest_mixes
from recsys_core.migration.shares import interest_shares
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.randomness import rng_from

MOST_LINES: Final = 6
TOO_SMALL: Final = (
    f"This cohort is too small to show as a group: it takes {SMALLEST_GROUP} people or more. Draw a larger "
    "cohort on the atlas, or look at one user."
)


@dataclass(frozen=True, eq=False)
class CohortMix:
    """``events``: ``window``, ``interest``, ``share`` (number of events; fewer than 10 people's are together
    under ``OTHERS``, or left out where these are fewer than 10, too). ``shares``: the mean mix over people,
    as ``Migration.shares``. Groups are positions in the look's ``groups``; windows with fewer than 10
    people are left out.
    """

    n_users: int
    n_events: int
    first: pd.Timestamp
    last: pd.Timestamp
    events: pd.DataFrame
    shares: pd.DataFrame


def cohort_mix(look: Look, key: Key, users: NDArray[np.int64]) -> CohortMix:
    """What the ``users``, at least 10, did; ``key``: of the interests."""
    return _cohort_mix(key, look.level, look.by, str(look.size), users, look)


def cohort_headline(mix: CohortMix, look: Look) -> str:
    """How many, what most, and what grew most from their first window to their last; Markdown."""
    total = mix.events[mix.events[INTEREST] != OTHERS].groupby(INTEREST)[SHARE].sum()
    when = f"from {mix.first:%B %Y} to {mix.last:%B %Y}"
    about = f"{count(mix.n_users)} people, {count(mix.n_events)} events {when}"
    if total.empty:
        return f"{about}. In no {look.size} did {SMALLEST_GROUP} of them take the same {look.by}."
    largest = called(look.groups[int(total.idxmax())])
    return f"{about}, most in {largest} ({percent(total.max() / mix.n_events)}).{_grown(mix.shares, look)}"


def show_cohort_mix(mix: CohortMix, look: Look) -> None:
    """Events and mean mix per window; nothing where no window has enough people."""
    if mix.events.empty:
        return
    names = dict(enumerate(look.groups)) | {OTHERS: "everything else"}
    colours = {i: look.colours[name] for i, name in enumerate(look.groups)} | {OTHERS: GREY}
    order = list(mix.shares.groupby(INTEREST)[SHARE].mean().sort_values(ascending=False).index[:MOST_LINES])
    show_figure(
        events_per_window(followed(mix.events, order, others=True), names, colours, look.window_ids),
        title=f"What they took in each {look.size}",
        note=f"The largest {look.by}s; the table has all. What fewer than {SMALLEST_GROUP} of these people "
        f"took in a {look.size} is everything else there, or left out if that is of fewer, too.",
        alt=f"Stacked bars: events of each {look.by} in each {look.size}",
        table=pd.DataFrame(
            {
                "Window": mix.events[WINDOW],
                look.by.capitalize(): mix.events[INTEREST].map(names),
                "Events": mix.events[SHARE].astype("int64"),
            }
        ),
        name="cohort-events",
    )
    shown = followed(mix.shares, order, others=False)
    show_figure(
        shares_over_time(shown, shown.head(0).assign(direction=""), names, colours, look.window_ids),
        title=f"Their mean mix of {look.by}s{_of_all(len(look.groups), look.by)}",
        note="Everybody active in a window counts once, however much they took. Bands: 95 %, over people.",
        alt=f"Lines: the mean share of each {look.by} in each {look.size}, with 95 % intervals",
        table=share_table(mix.shares, names),
        name="cohort-mix",
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _cohort_mix(
    key: Key,  # noqa: ARG001
    level: int,  # noqa: ARG001
    by: str,
    size: str,  # noqa: ARG001
    users: NDArray[np.int64],
    _look: Look,
) -> CohortMix:
    of_them = _look.dataset.select_events(np.isin(_look.dataset.user, users))
    mixes = interest_mixes(of_them, _look.windows, _look.item_group, len(_look.groups))
    people = np.bincount(mixes.window, minlength=len(_look.windows)) >= SMALLEST_GROUP
    shares = interest_shares(
        mixes.select(people[mixes.window]),
        _look.windows,
        range(len(_look.groups)),
        "",
        rng_from(0, "cohort", by),
    )
    moments = pd.to_datetime([of_them.time.min(), of_them.time.max()], unit="s", utc=True)
    return CohortMix(len(users), of_them.n_events, moments[0], moments[1], _events(_look, of_them), shares)


def _events(look: Look, of_them: Dataset) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            WINDOW: np.asarray(look.window_ids, object)[window_index(of_them.time, look.windows)],
            INTEREST: look.item_group[of_them.item],
            USER: of_them.user,
        }
    )
    n_users = frame.groupby([WINDOW, INTEREST])[USER].transform("nunique")
    frame[INTEREST] = frame[INTEREST].where(n_users >= SMALLEST_GROUP, OTHERS)
    by = frame.groupby([WINDOW, INTEREST])[USER]
    return by.size()[by.nunique() >= SMALLEST_GROUP].rename(SHARE).reset_index()


def _grown(shares: pd.DataFrame, look: Look) -> str:
    """What grew most from the first window that is shown to the last, a sentence with its interval."""
    table = shares.pivot_table(index=INTEREST, columns=WINDOW, values=[SHARE, LOW, HIGH])
    windows = list(table[SHARE].columns)
    if len(windows) < 2:
        return ""
    first, last = windows[0], windows[-1]
    row = table.loc[(table[SHARE][last] - table[SHARE][first]).idxmax()]
    start, end = (percent(row[SHARE, w]) for w in (first, last))
    sure = row[LOW, last] > row[HIGH, first]
    name = called(look.groups[int(row.name)])
    return (
        f" From {first} to {last} their mean share of {name} grew most, from {start} to {end}, "
        f"{'beyond its intervals' if sure else 'within its intervals'}."
    )


def _of_all(n: int, by: str) -> str:
    return f": the {MOST_LINES} largest of {n} {by}s" if n > MOST_LINES else ""
