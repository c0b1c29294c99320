"""Where are interests going, really? Flows against chance, and shares over time."""

import streamlit as st

from pages.ui import migration_views as views
from pages.ui import migration_words as words
from pages.ui.colours import interest_colours
from pages.ui.empty import offer_job, require_dataset, watch_jobs
from pages.ui.figures import show_figure
from pages.ui.flow_charts import excess_matrix, streams
from pages.ui.forecast_views import show_forecast
from pages.ui.levels import pick_level
from pages.ui.loaded import interests_in_use, migration_in_use
from pages.ui.places import MIGRATION, page_header
from pages.ui.share_chart import shares_over_time
from pages.ui.state import current
from pages.ui.tables import show_table
from recsys_core.columns import DOMAIN, INTEREST, NAME, WINDOW
from recsys_core.logs.windows import WindowSize

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
colours = interest_colours(interests)
windows = list(migration.windows[WINDOW])
with answer:
    for sentence in words.headlines(migration, interests):
        st.markdown(sentence)
pairs = views.pairs(migration)
if not pairs:
    st.info(words.NO_PAIRS)
else:
    pair = st.selectbox(
        "From one window to the next",
        pairs,
        index=pairs.index(views.busiest_pair(migration)),
        key="pair",
        bind="query-params",
        help="Opens on the pair where most moved beyond chance.",
    )
    flows = views.pair_flows(migration, pair)
    table = views.flow_table(flows, names)
    show_figure(
        streams(flows, names, colours, dark=st.context.theme.type == "dark"),
        title=words.pair_title(flows, names, pair),
        note="The width is the share of activity. Strong colour: moves beyond chance; faint: what stayed; "
        "grey: moves that chance explains.",
        alt=f"Streams between interests, {pair}; the table below holds every share",
        table=table,
        name="streams",
    )
    order = [int(i) for i in interests.at_level(level)[INTEREST] if int(i) in words.ids_in(flows)]
    show_figure(
        excess_matrix(flows, names, order),
        title="Blue cells: more moved there than by chance; orange: fewer",
        note="Each row is an interest people left, each column the interest with that number; points above "
        "or below what the same people's shuffled events give. Grey: not significant.",
        alt=f"Matrix of moves beyond chance between interests, {pair}",
        table=table,
        name="excess",
    )

st.divider()
with st.container(horizontal=True, vertical_alignment="bottom"):
    domains = ["", *info.domains] if len(info.domains) > 1 else [""]
    domain = st.selectbox(
        "Domain", domains, format_func=lambda d: d or "all domains", key="domain", bind="query-params"
    )
    shown = st.multiselect(
        "Interests to follow",
        [int(i) for i in interests.at_level(level)[INTEREST]],
        default=views.telling_interests(migration, domain),
        format_func=names.__getitem__,
        key=f"follow-{level}-{size}-{domain}",
        max_selections=10,
    )
shares = migration.shares[(migration.shares[DOMAIN] == domain) & migration.shares[INTEREST].isin(shown)]
changes = migration.change_points[migration.change_points[INTEREST].isin(shown)]
if shares.empty:
    st.info("Choose at least one interest to follow.")
else:
    show_figure(
        shares_over_time(shares, changes if domain == "" else changes.head(0), names, colours, windows),
        title=words.shares_title(migration, names),
        note=words.shares_note(migration),
        alt="Lines: the share of each interest by window, with 95 % intervals",
        table=views.share_table(shares, names),
        name="shares",
    )
if len(migration.change_points):
    st.markdown("#### Rising and fading")
    show_table(views.change_table(migration, names), "changes")
between = views.moves(migration.between_domains)
if len(between):
    st.markdown(f"#### {words.between_title(between, names)}")
    show_table(views.flow_table(between, names), "between")
show_forecast(migration, names, colours)
with st.expander("How this is measured"):
    st.markdown(words.method(migration))
watch_jobs(selection, "migrate")
