"""Can I believe it? Every recommender on the same people, with intervals."""

import streamlit as st

from pages.ui.empty import offer_job, require_dataset
from pages.ui.loaded import planted_in_use, scorecard_in_use
from pages.ui.phrases import plain
from pages.ui.places import SCORECARD, page_header
from pages.ui.score_again import show_scoring_again
from pages.ui.score_leaderboard import show_leaderboard
from pages.ui.score_tables import trust_table
from pages.ui.score_views import show_cold_curve, show_cost, show_slices
from pages.ui.score_words import PROTOCOLS, protocol_note, verdict_note, verdict_sentence
from pages.ui.state import current
from pages.ui.tables import show_table
from pages.ui.transfer_views import ANCHOR, show_transfer

WILL_SHOW = "This page will show how good each recommender is for people it has never seen in a domain."

page_header(SCORECARD.title, SCORECARD.question)
selection = current()
info = require_dataset(selection, WILL_SHOW)
answer = st.container()
with st.container(horizontal=True, vertical_alignment="bottom"):
    target = st.selectbox("Recommend from", list(info.domains), key="target", bind="query-params")
    protocol = st.selectbox(
        "Test on",
        list(PROTOCOLS),
        format_func=PROTOCOLS.__getitem__,
        key="protocol",
        bind="query-params",
        help="What is hidden from every recommender before the test.",
    )
run = selection.run.id if selection.run else None
params = {"dataset": info.name, "target": target, "protocol": protocol, "run": run}
title = f"Score recommenders for {target}"
card = scorecard_in_use(selection, str(protocol), str(target))
if card is None:
    offer_job(
        selection,
        "evaluate",
        params,
        will_show=f"{WILL_SHOW} Nothing has been scored for *{plain(target)}* yet.",
        label="Score the recommenders",
        title=title,
    )
    show_transfer(selection, info)
    st.stop()

with answer:
    st.markdown(f"### {verdict_sentence(card)}")
    st.markdown(verdict_note(card.verdict))
if note := protocol_note(card.protocol):
    st.caption(note)
show_leaderboard(card)
for why in card.refused.values():
    st.caption(f"Left out: {plain(why)}")
show_cold_curve(card)
show_slices(card)
show_cost(card)
st.markdown("#### What these numbers rest on")
show_table(trust_table(card, f"{info.name}, version {info.version} ({info.hash[:12]})"), "trust", height=436)
planted = planted_in_use(selection)
if planted is not None:
    st.markdown("#### What was planted in the sample, and what was found")
    agreed = int(planted["Agrees"].sum())
    st.caption(
        f"The sample's generator moved some groups of people on purpose and left others alone: {agreed} of "
        f"{len(planted)} groups were found as planted."
    )
    show_table(planted, "planted")
with st.expander("Score again"):
    show_scoring_again(selection, params, title)
if between := show_transfer(selection, info):
    answer.markdown(f"[Between all domains](#{ANCHOR}): {between}")
