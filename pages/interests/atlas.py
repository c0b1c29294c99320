"""What do people care about? The map of titles and people."""

from functools import partial

import streamlit as st

from pages.ui.atlas_colours import ColourBy
from pages.ui.atlas_loaded import (
    attributes_in_use,
    drift_in_use,
    movers_on_map,
    names_on_map,
    people_on_map,
    points_in_use,
    titles_on_map,
)
from pages.ui.atlas_motion import add_ways, motion_figure
from pages.ui.atlas_search import mark_found, nearby, search_box, show_nearby
from pages.ui.atlas_selection import CHART, selected, show_selection, take_selection
from pages.ui.atlas_view import OVER_TIME, pick_view
from pages.ui.atlas_words import (
    gliding_shown,
    headline,
    interest_table,
    map_in_words,
    map_title,
    points_shown,
    stability_in_words,
    unclear_in_words,
)
from pages.ui.empty import offer_job, require_dataset
from pages.ui.figures import show_figure
from pages.ui.loaded import dataset_in_use, interests_in_use, map_in_use
from pages.ui.map_chart import draw_layer, frame_of
from pages.ui.map_names import add_names, thin_names
from pages.ui.phrases import count
from pages.ui.places import ATLAS, MIGRATION, link, page_header
from pages.ui.rename import rename_box
from pages.ui.state import current

WILL_SHOW = "This page will show a map of all titles and people, grouped by named interests."

page_header(ATLAS.title, ATLAS.question)
selection = current()
info = require_dataset(selection, WILL_SHOW)
interests, atlas = interests_in_use(selection), map_in_use(selection)
if interests is None or atlas is None:
    params = {"dataset": info.name, "run": selection.run.id if selection.run else None}
    offer_job(
        selection, "interests", params, will_show=WILL_SHOW, label="Find interests", title="Find interests"
    )
    st.stop()

dataset = dataset_in_use(selection)
answer = st.container()
view = pick_view(dataset, interests, atlas, list(attributes_in_use(selection)))
level, by = view.level, view.by
chosen = selected(view.points, dataset)
search = search_box(view, dataset, chosen)
points = None if search.target is None else points_in_use(selection)
near = None if search.target is None or points is None else nearby(view, points, search.target)
answer.markdown(f"### {headline(interests, level)}")
answer.caption(f"{stability_in_words(interests, level)} {unclear_in_words(interests, level)}")

frame, dark = frame_of(atlas.items, atlas.users), st.context.theme.type == "dark"
if view.kind == OVER_TIME:
    sample, total = movers_on_map(selection, level)
    figure, drawn = motion_figure(interests, atlas, level, sample, chosen, frame)
    note = gliding_shown(len(drawn), total)
else:
    shown = (
        people_on_map(selection, level, by, view.window)
        if view.of_people
        else titles_on_map(selection, level, by)
    )
    picked = None if chosen is None else shown.positions(chosen)
    figure, drawn = draw_layer(shown.layer, frame, selected=picked), shown.rows
    note = points_shown(len(drawn), shown.total, view.points)
if view.of_people:
    note = f"{note} {add_ways(figure, interests, atlas, view, chosen, frame, dark)}"
add_names(figure, names_on_map(selection, level, view.of_people), frame, dark)
mark_found(figure, view, dataset, atlas, search, near)
show_figure(
    figure,
    title=map_title(view),
    note=note + search.sentence(view),
    alt=f"Map of {count(len(drawn))} {view.points} in {interests.levels[level]} interests",
    table=interest_table(interests, level),
    name="atlas",
    chart_key=CHART,
    on_select=partial(take_selection, view.points, dataset, drawn),
    single_people=view.of_people,
)
thin_names(f"{view.kind}, level {level}")
if by == ColourBy.DRIFT and drift_in_use(selection) is None:
    st.markdown("How far people's interests moved is not measured yet, so everybody is grey.")
    link(MIGRATION, "Measure migration")
show_nearby(view, dataset, interests, level, search, near)
rename_box(selection, interests, level)
show_selection(view.points, dataset, interests, level)
with st.expander("How to read this map, and how far to trust it"):
    st.markdown(map_in_words(atlas))
