"""Where are interests going, really? Flows against chance, and shares over time."""

import streamlit as st

from pages.ui import migration_views as views
from pages.ui import migration_words as words
from pages.ui.change_views import show_changes
from pages.ui.colours import interest_colours
from pages.ui.crowd import show_crowd
from pages.ui.empty import offer_job, require_dataset, watch_jobs
from pages.ui.flow_views import Legend, show_flows
from pages.ui.forecast_views import show_forecast
from pages.ui.levels import pick_level
from pages.ui.loaded import dataset_in_use, events_in_use, interests_in_use, migration_in_use, mixes_in_use
from pages.ui.movers import show_movers
from pages.ui.places import MIGRATION, page_header
from pages.ui.publish import show_publish
from pages.ui.rising import show_rising
from pages.ui.share_views import (
    Drawing,
    Measure,
    followed,
    pick_drawing,
    show_shares,
    shown_events,
    shown_shares,
)
from pages.ui.state import current
from pages.ui.tables import show_table
from recsys_core.columns import INTEREST, NAME, WINDOW
from recsys_core.logs.windows import WindowSize
from recsys_core.privacy import SMALLEST_GROUP

WILL_SHOW = "This page will show how people move between interests, and which moves are more than chance."

page_header(MIGRATION.title, MIGRATION.question)
selection = current()
info = require_dataset(selection, WILL_SHOW)
interests = interests_in_use(selection)
answer = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    level = pick_level(interests) if interests else 0
    size = st.segmented_control(
        "Windows", list(WindowSize), default=WindowSize.QUARTER, required=True, key="by", bind="query-params"
    )
migration = migration_in_use(selection, str(size), level)
only = views.only_window(info, WindowSize(str(size)))
if migration is None and only:
    st.info(
        f"All events lie in one {size}, {only}, and movement needs at least two. Choose shorter windows "
        "above, or import a longer log."
    )
    st.stop()
if interests is None or migration is None:
    offer_job(
        selection,
        "migrate",
        {
            "dataset": info.name,
            "run": selection.run.id if selection.run else None,
            "window": str(size),
            "level": level,
        },
        will_show=WILL_SHOW + " It compares what people did with the same events in shuffled order.",
        label="Compute migration",
        title=f"Measure migration by {size}",
    )
    st.stop()

names = {int(i): str(name) for i, name in zip(interests.table[INTEREST], interests.table[NAME], strict=True)}
of_level, colours = [int(i) for i in interests.at_level(level)[INTEREST]], interest_colours(interests)
windows = list(migration.windows[WINDOW])
with answer:
    for sentence in words.headlines(migration, interests):
        st.markdown(sentence)
show_flows(selection, migration, Legend(interests, names, colours, of_level))

st.divider()
with st.container(horizontal=True, vertical_alignment="bottom"):
    domains = ["", *info.domains] if len(info.domains) > 1 else [""]
    domain = st.selectbox(
        "Domain", domains, format_func=lambda d: d or "all domains", key="domain", bind="query-params"
    )
    shown = st.multiselect(
        "Interests to follow",
        of_level,
        default=views.telling_interests(migration, domain),
        format_func=names.__getitem__,
        key=f"follow-{level}-{size}-{domain}",
        max_selections=10,
    )
drawing, measure = pick_drawing()
mixes = mixes_in_use(selection, str(size), level, domain)
known = (
    shown_events(events_in_use(selection, str(size), level, domain), mixes, windows)
    if measure is Measure.EVENTS
    else shown_shares(migration.shares, mixes, windows, domain)
)
shares = followed(known, shown, others=drawing is Drawing.STREAM)
changes = migration.change_points[migration.change_points[INTEREST].isin(shown)]
if shares.empty:
    st.info(
        f"Nothing to draw: no window has {SMALLEST_GROUP} people for these interests."
        if shown
        else "Choose at least one interest to follow."
    )
else:
    show_shares(
        shares,
        changes if domain == "" else changes.head(0),
        names,
        colours,
        windows,
        drawing=drawing,
        measure=measure,
        title=words.shares_title(migration, names),
        note=words.shares_note(migration),
    )
show_rising(migration, mixes, {i: names[i] for i in of_level}, colours, domain)
show_changes(selection, migration, names)
show_crowd(migration)
of_all = mixes_in_use(selection, str(size), level)
show_movers(migration, of_all, {i: names[i] for i in of_level}, dataset_in_use(selection))
between = views.moves(migration.between_domains)
if len(between):
    st.markdown(f"#### {words.between_title(between, names)}")
    show_table(views.flow_table(between, names), "between")
show_forecast(migration, names, colours)
show_publish(selection, info, str(size), level)
with st.expander("How this is measured"):
    st.markdown(words.method(migration))
watch_jobs(selection, "migrate")
