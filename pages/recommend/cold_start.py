"""What would a new user get, and is it better? A preview with reasons beside another list."""

from dataclasses import replace

import numpy as np
import streamlit as st

from pages.ui import cold_words as words
from pages.ui.atlas_layers import places_of
from pages.ui.cold_batch import show_batch
from pages.ui.cold_beside import pick_beside
from pages.ui.cold_lists import Listing, show_listing
from pages.ui.cold_previews import preview_of
from pages.ui.cold_what_if import ask_what_if, show_said
from pages.ui.colours import ACCENT, GREY
from pages.ui.empty import require_dataset
from pages.ui.figures import show_figure
from pages.ui.levels import pick_level
from pages.ui.loaded import (
    cold_start_in_use,
    dataset_in_use,
    held_out_in_use,
    interests_in_use,
    map_in_use,
    popular_in_use,
    scorecard_in_use,
)
from pages.ui.lost_run import tell_lost_run
from pages.ui.map_chart import MapLayer, add_marks, draw_layer, frame_of
from pages.ui.phrases import plain
from pages.ui.places import COLD_START, SCORECARD, link, page_header
from pages.ui.profiles import Who, pick_person, pick_source
from pages.ui.state import current
from recsys_core.errors import DriftmapError
from recsys_core.recommend.transfer import is_gated

WILL_SHOW = "This page will show what a person new to a domain would be recommended, and why."

page_header(COLD_START.title, COLD_START.question)
selection = current()
info = require_dataset(selection, WILL_SHOW)
tell_lost_run(selection)
answer = st.container()
dataset, interests = dataset_in_use(selection), interests_in_use(selection)
with st.container(horizontal=True, vertical_alignment="bottom"):
    target = str(st.selectbox("New to", list(info.domains), key="target", bind="query-params"))
    k = int(st.select_slider("How many titles", [5, 10, 20], value=10, key="k", bind="query-params"))
    level = pick_level(interests) if interests else 0
who, popular_only = pick_source(), False
try:
    cold = (held_out_in_use if who == Who.TEST else cold_start_in_use)(selection, target)
except DriftmapError as error:
    st.warning(plain(str(error)), icon=":material/warning:")
    if who == Who.TEST:
        st.stop()
    st.info("So this is what is popular, the same for everyone.", icon=":material/info:")
    cold, popular_only = popular_in_use(selection, target), True
try:
    person = pick_person(who, cold, dataset, dataset.domain_index(target))
    if person is None:
        st.stop()
    asked = ask_what_if(dataset, person, interests, level)
    beside = pick_beside(selection, cold, target)
    item_interest = interests.item_interest[level] if interests else None
    preview = preview_of(cold, person.profile, k, asked, item_interest)
    other = beside.list_for(person.profile, k, asked.exclude_seen)
except DriftmapError as error:
    st.error(plain(str(error)), icon=":material/error:")
    st.stop()

card = None if popular_only else scorecard_in_use(selection, "cold-user", target)
verdict = card.verdict if card else None
gated = is_gated(verdict, person.profile) and asked.is_plain and beside.is_popular
blended = preview.recommended
taken = cold.truth(person.user) if who == Who.TEST and person.user is not None else np.zeros(0, np.int64)
with answer:
    headline = words.cold_headline(blended, other, beside.inside)
    if gated or popular_only:
        headline = words.gated_headline(target) if gated else words.popular_headline(target)
    st.markdown(f"### {headline}")
    if who == Who.TEST:
        st.markdown(words.truth_sentence(taken, blended, other, target))
    if card is not None:
        st.markdown(words.sentence_of_test(card, person.profile))
    elif not popular_only:
        st.caption(f"Whether this beats popularity in {plain(target)} has not been tested yet.")
        link(SCORECARD, "Score the recommenders")
    if (note := cold.note_about(person.profile) or preview.note) and not popular_only:
        st.info(plain(note), icon=":material/info:")

moves = () if asked.is_plain else preview.moves
lists = [
    Listing("Recommended", "recommended", blended, other, ":blue-badge[only here]", moves, taken, person),
    Listing(beside.title, "beside", other, blended, ":gray-badge[only here]", taken=taken),
]
if popular_only:
    lists = [replace(lists[0], title="Popular lately, for everyone", mark="")]
elif gated:
    lists = [lists[1], Listing("What the blend would show", *list(vars(lists[0]).values())[1:])]
show_said(dataset, person)
if moves:
    st.caption(
        "▲ and ▼: places gained and lost against the plain list, by what is asked for under “What if”."
    )
for column, listing in zip(st.columns(len(lists), gap="large"), lists, strict=True):
    with column:
        show_listing(dataset, interests, level, listing)

atlas = map_in_use(selection)
if atlas is not None and interests is not None:
    points = atlas.items.assign(value=0, hover="")
    figure = draw_layer(MapLayer(points, (GREY,)), frame_of(atlas.items), height=420, faint=True)
    lead = lists[0]
    known = np.unique(person.profile.history.items)
    add_marks(figure, places_of(dataset, atlas, known), "what they know", "circle-open", GREY)
    add_marks(figure, places_of(dataset, atlas, lead.shown.items), "shown first", "star", ACCENT)
    show_figure(
        figure,
        title="Where the first list lies, beside what this person knows",
        alt=f"Map: {len(known)} known titles ringed and {len(lead.shown)} shown ones starred",
        table=words.preview_table(dataset, interests, lead.shown, lead.other, level),
        name="cold-map",
    )
if who != Who.TEST:
    show_batch(dataset, cold, k)
with st.expander("How this works"):
    st.markdown(words.METHOD)
