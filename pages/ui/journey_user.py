"""The journey of one user, figure by figure."""

import pandas as pd
import streamlit as st

from pages.ui import journey_views as views
from pages.ui.charts import stacked_bars
from pages.ui.figures import show_figure
from pages.ui.journey_charts import drift_among_all, timeline
from pages.ui.journey_look import Look
from pages.ui.places import MIGRATION, link
from pages.ui.tables import show_table
from recsys_core.columns import DRIFT
from recsys_core.interests.projection import InterestMap
from recsys_core.migration.migration import Migration
from recsys_core.privacy import SMALLEST_GROUP


def show_events(events: pd.DataFrame, look: Look) -> None:
    """When they took what, and their mix per window; ``events``: from ``events_of``."""
    present = set(events[look.by])
    order = [name for name in look.groups if name in present or look.by == "domain"]
    readable = events.assign(When=events["when"].dt.strftime("%Y-%m-%d %H:%M"))
    show_figure(
        timeline(events.assign(lane=events["domain"], group=events[look.by]), order, look.colours),
        title="What they took, and when",
        alt=f"Timeline of {len(events)} events by domain, coloured by {look.by}",
        table=readable[["When", "title", "interest", "domain"]].rename(columns=str.capitalize),
        name="timeline",
    )
    mix = views.mix_per_window(events, look.windows, look.by)
    show_figure(
        stacked_bars(mix, look.window_ids, order, look.colours),
        title=f"Their mix of {look.by}s in each {look.size}",
        alt=f"Stacked bars: the share of each {look.by} in each {look.size}",
        table=pd.DataFrame(
            {
                "Window": mix["window"],
                look.by.capitalize(): mix["group"],
                "Share (%)": 100 * mix["share"],
                "Events": mix["n_events"],
            }
        ),
        name="mix",
    )


def show_change(drift: views.Drift | None, migration: Migration | None) -> None:
    """The test of one lasting change, and this user among everybody tested."""
    st.markdown(views.drift_sentence(drift, computed=migration is not None))
    if migration is None:
        link(MIGRATION, "Compute migration")
    elif drift is not None and len(migration.users) >= SMALLEST_GROUP:
        everybody = migration.users[DRIFT].to_numpy()
        show_figure(
            drift_among_all(everybody, drift.drift),
            title="This user among everybody tested",
            alt="Histogram of the strength of change of all users, with this user marked",
            table=views.drift_table(everybody),
            name="drift",
        )


def show_around(atlas: InterestMap, look: Look, user: int) -> None:
    """Titles near where they were last."""
    st.markdown("#### Titles around them on the map")
    st.caption("Nearest to where they were last, without what they already took.")
    show_table(views.titles_around(look.dataset, look.interests, atlas, user, look.level), "around")
