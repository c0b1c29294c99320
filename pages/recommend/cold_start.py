"""What would a new user get, and is it better? A preview with reasons beside recent popularity."""

import numpy as np
import streamlit as st

from pages.ui import cold_words as words
from pages.ui.atlas_layers import places_of
from pages.ui.colours import ACCENT, GREY
from pages.ui.empty import require_dataset
from pages.ui.figures import show_figure
from pages.ui.levels import pick_level
from pages.ui.loaded import (
    cold_start_in_use,
    dataset_in_use,
    interests_in_use,
    map_in_use,
    scorecard_in_use,
)
from pages.ui.map_chart import MapLayer, add_marks, draw_layer, frame_of
from pages.ui.places import COLD_START, SCORECARD, link, page_header
from pages.ui.profiles import pick_profile
from pages.ui.score_words import verdict_sentence
from pages.ui.state import current
from pages.ui.tables import show_table
from recsys_core.errors import DriftmapError

WILL_SHOW = "This page will show what a person new to a domain would be recommended, and why."

page_header(COLD_START.title, COLD_START.question)
selection = current()
info = require_dataset(selection, WILL_SHOW)
answer = st.container()
dataset, interests = dataset_in_use(selection), interests_in_use(selection)
with st.container(horizontal=True, vertical_alignment="bottom"):
    target = str(st.selectbox("New to", list(info.domains), key="target", bind="query-params"))
    k = st.select_slider("How many titles", [5, 10, 20], value=10, key="k", bind="query-params")
    level = pick_level(interests) if interests else 0
try:
    cold = cold_start_in_use(selection, target)
    profile = pick_profile(cold, dataset, dataset.domain_index(target))
    preview = None if profile is None else cold.preview(profile, int(k))
except DriftmapError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()
if profile is None or preview is None:
    st.stop()

card = scorecard_in_use(selection, "cold-user", target)
gated = words.is_gated(card, profile)
blended, popular = preview.recommended, preview.popular
with answer:
    st.markdown(f"### {words.gated_headline(target) if gated else words.cold_headline(blended, popular)}")
    if card is None:
        st.caption(f"Whether this beats popularity in {target} has not been tested yet.")
        link(SCORECARD, "Score the recommenders")
    else:
        st.markdown(verdict_sentence(card))
    if preview.note:
        st.info(preview.note, icon=":material/info:")

lists = [
    ("Recommended", "recommended", blended, popular, ":blue-badge[not in popular]"),
    ("Popular lately", "popular", popular, blended, ":gray-badge[only popular]"),
]
if gated:
    lists = [lists[1], ("What the blend would show", *lists[0][1:])]
for column, (title, name, shown, other, mark) in zip(st.columns(2, gap="large"), lists, strict=True):
    table = words.preview_table(dataset, interests, shown, other, level)
    with column:
        st.markdown(f"#### {title}")
        for row in table.itertuples(index=False):
            st.markdown(words.line(row.Rank, row.Title, row.Interest, row.Why, "" if row[-1] else mark))
        with st.expander("Table and downloads"):
            show_table(table, name)

atlas = map_in_use(selection)
if atlas is not None and interests is not None:
    points = atlas.items.assign(value=0, hover="")
    figure = draw_layer(MapLayer(points, (GREY,)), frame_of(atlas.items), height=420, faint=True)
    lead = popular if gated else blended
    known = np.unique(profile.history.items)
    add_marks(figure, places_of(dataset, atlas, known), "what they know", "circle-open", GREY)
    add_marks(figure, places_of(dataset, atlas, lead.items), "shown first", "star", ACCENT)
    show_figure(
        figure,
        title="Where the first list lies, beside what this person knows",
        alt=f"Map: {len(known)} known titles ringed and {len(lead)} shown ones starred",
        table=words.preview_table(dataset, interests, lead, blended if gated else popular, level),
        name="cold-map",
    )
with st.expander("How this works"):
    st.markdown(words.METHOD)
