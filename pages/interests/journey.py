"""What happened to this one? The events, the mix, the way and the change of one user or of a cohort."""

import numpy as np
import streamlit as st

from pages.ui.cohort import pick_whom
from pages.ui.empty import empty_state, require_dataset
from pages.ui.forecast_views import show_likely_next
from pages.ui.journey_cohort import TOO_SMALL, cohort_headline, cohort_mix, show_cohort_mix
from pages.ui.journey_drift import STRENGTH, departures_of, show_departures
from pages.ui.journey_look import Look
from pages.ui.journey_next import show_cohort_next
from pages.ui.journey_path import mean_path, show_path, user_path
from pages.ui.journey_user import show_around, show_change, show_events
from pages.ui.journey_views import drift_of, events_of, headline
from pages.ui.levels import pick_level
from pages.ui.loaded import (
    dataset_in_use,
    interests_in_use,
    interests_key,
    map_in_use,
    migration_in_use,
)
from pages.ui.people import pick_user, worth_seeing
from pages.ui.places import ATLAS, JOURNEY, page_header
from pages.ui.state import current
from recsys_core.logs.windows import WindowSize
from recsys_core.privacy import SMALLEST_GROUP

WILL_SHOW = "This page will show one user's events, how their mix of interests changed, and whether it moved."

page_header(JOURNEY.title, JOURNEY.question)
selection = current()
info = require_dataset(selection, WILL_SHOW)
interests, key = interests_in_use(selection), interests_key(selection)
if interests is None or key is None:
    empty_state(WILL_SHOW, "It needs named interests first.", ATLAS, "Find interests")
    st.stop()

dataset, atlas = dataset_in_use(selection), map_in_use(selection)
answer = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    level = pick_level(interests)
    by = st.segmented_control(
        "Colour by",
        ["interest", "domain"],
        default="interest",
        required=True,
        key="colour",
        bind="query-params",
    )
    size = st.segmented_control(
        "Windows", list(WindowSize), default=WindowSize.QUARTER, required=True, key="by", bind="query-params"
    )
look = Look(dataset, interests, level, str(by), WindowSize(str(size)))
migration = migration_in_use(selection, str(size), level) or migration_in_use(selection, "quarter", 0)
cohort, together = pick_whom(dataset)

if cohort is not None and together:
    if len(cohort) < SMALLEST_GROUP:
        st.info(TOO_SMALL, icon=":material/group_off:")
        st.stop()
    mix = cohort_mix(look, key, cohort.users)
    answer.markdown(f"### {cohort_headline(mix, look)}")
    show_cohort_mix(mix, look)
    st.markdown("### Did they change more than chance?")
    show_departures(departures_of(look, key, cohort.users), look)
    if atlas is not None:
        show_path(mean_path(atlas, cohort.users, level), atlas, look)
    show_cohort_next(migration, cohort.users, look)
    st.stop()

suggested = worth_seeing(dataset, migration, 50, cohort.users) if cohort else worth_seeing(dataset, migration)
user = pick_user(dataset, suggested, "journey", "Users who changed most, or are most active")
if user is None:
    st.stop()
events = events_of(dataset, interests, user, level)
if events.empty:
    st.info("This user has no events in this dataset.")
    st.stop()
drift = drift_of(migration, user)
answer.markdown(f"### {headline(events, drift)}")
show_events(events, look)
st.markdown("### Did they change more than chance?")
show_departures(departures_of(look, key, np.array([user])), look)
st.caption(STRENGTH)
show_change(drift, migration)
if atlas is not None:
    show_path(user_path(atlas, user, level), atlas, look)
show_likely_next(migration, user, look.names, look.interest_colours)
if atlas is not None:
    show_around(atlas, look, user)
