"""What happened to this one? One user's events, mix and change."""

import streamlit as st

from pages.ui import journey_views as views
from pages.ui.charts import stacked_bars
from pages.ui.cohort import show_cohort
from pages.ui.colours import domain_colours, interest_colours
from pages.ui.empty import empty_state, require_dataset
from pages.ui.figures import show_figure
from pages.ui.forecast_views import show_likely_next
from pages.ui.journey_charts import drift_among_all, timeline
from pages.ui.levels import pick_level
from pages.ui.loaded import dataset_in_use, interests_in_use, map_in_use, migration_in_use
from pages.ui.people import pick_user, worth_seeing
from pages.ui.places import ATLAS, JOURNEY, MIGRATION, link, page_header
from pages.ui.state import current
from pages.ui.tables import show_table
from recsys_core.columns import DRIFT, INTEREST, NAME
from recsys_core.logs.windows import WindowSize, windows_between

WILL_SHOW = "This page will show one user's events, how their mix of interests changed, and whether it moved."

page_header(JOURNEY.title, JOURNEY.question)
selection = current()
info = require_dataset(selection, WILL_SHOW)
interests = interests_in_use(selection)
if interests is None:
    empty_state(WILL_SHOW, "It needs named interests first.", ATLAS, "Find interests")
    st.stop()

dataset = dataset_in_use(selection)
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
migration = migration_in_use(selection, str(size), level) or migration_in_use(selection, "quarter", 0)
cohort = show_cohort(dataset, "the users below are of it.")
suggested = worth_seeing(dataset, migration, 50, cohort.users) if cohort else worth_seeing(dataset, migration)
user = pick_user(dataset, suggested, "journey", "Users who changed most, or are most active")
if user is None:
    st.stop()

events = views.events_of(dataset, interests, user, level)
if events.empty:
    st.info("This user has no events in this dataset.")
    st.stop()
names = {int(i): str(name) for i, name in zip(interests.table[INTEREST], interests.table[NAME], strict=True)}
drift = views.drift_of(migration, user)
answer.markdown(f"### {views.headline(events, drift)}")
if by == "domain":
    colours, order = domain_colours(dataset.domains), list(dataset.domains)
else:
    of_level, by_id = interests.at_level(level), interest_colours(interests)
    colours = {str(n): by_id[int(i)] for i, n in zip(of_level[INTEREST], of_level[NAME], strict=True)}
    order = [str(name) for name in of_level[NAME] if name in set(events["interest"])]
readable = events.assign(When=events["when"].dt.strftime("%Y-%m-%d %H:%M"))[
    ["When", "title", "interest", "domain"]
].rename(columns=str.capitalize)
show_figure(
    timeline(events.assign(lane=events["domain"], group=events[by]), order, colours),
    title="What they took, and when",
    alt=f"Timeline of {len(events)} events by domain, coloured by {by}",
    table=readable,
    name="timeline",
)
windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize(str(size)))
mix = views.mix_per_window(events, windows, str(by))
show_figure(
    stacked_bars(mix, [w.id for w in windows], order, colours),
    title=f"Their mix of {by}s in each {size}",
    alt=f"Stacked bars: the share of each {by} in each {size}",
    table=mix.assign(share=100 * mix["share"]).rename(
        columns={
            "window": "Window",
            "group": str(by).capitalize(),
            "share": "Share (%)",
            "n_events": "Events",
        }
    ),
    name="mix",
)
show_likely_next(migration, user, names, interest_colours(interests))
st.markdown("#### Did they change more than chance?")
st.markdown(views.drift_sentence(drift, computed=migration is not None))
if migration is None:
    link(MIGRATION, "Compute migration")
elif drift is not None:
    everybody = migration.users[DRIFT].to_numpy()
    show_figure(
        drift_among_all(everybody, drift.drift),
        title="This user among everybody tested",
        alt="Histogram of the strength of change of all users, with this user marked",
        table=migration.users[[DRIFT]].rename(columns={DRIFT: "Strength of change"}),
        name="drift",
    )
atlas = map_in_use(selection)
if atlas is not None:
    st.markdown("#### Titles around them on the map")
    st.caption("Nearest to where they were last, without what they already took.")
    show_table(views.titles_around(dataset, interests, atlas, user, level), "around")
