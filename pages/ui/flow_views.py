"""Flows on the migration page: from one window to the next, between any two, and along all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import pandas as pd
import streamlit as st

from pages.ui import migration_views as views
from pages.ui import migration_words as words
from pages.ui.alluvial import THINNEST, alluvial, drawn_flows
from pages.ui.figures import show_figure
from pages.ui.flow_charts import excess_matrix, streams
from pages.ui.flow_question import Known, known_flows, pick_crowd
from pages.ui.migration_views import ARROW
from pages.ui.phrases import count, percent
from pages.ui.state import Selection
from recsys_core.columns import FROM_WINDOW, TO_WINDOW, WINDOW
from recsys_core.interests.interests import Interests
from recsys_core.migration.migration import Migration
from recsys_core.migration.question import Question
from recsys_core.privacy import SMALLEST_GROUP

MOST_COLUMNS: Final = 8
"""So many windows stand beside each other at first; the slider shows more."""

_PAIR_OF: Final = "pair-of"


class Along(StrEnum):
    """Which windows the flows are between."""

    NEXT = "one window to the next"
    ANY = "any two windows"
    ALL = "all windows in a row"


@dataclass(frozen=True)
class Legend:
    """How interests are called and coloured; ``order``: the ids of the level shown."""

    interests: Interests
    names: Mapping[int, str]
    colours: Mapping[int, str]
    order: Sequence[int]

    @property
    def dark(self) -> bool:
        """Whether the page is dark."""
        return st.context.theme.type == "dark"


def show_flows(selection: Selection, migration: Migration, legend: Legend) -> None:
    """The section: a switch, whose events count, then the flows."""
    along = st.segmented_control(
        "Flows from",
        list(Along),
        default=Along.NEXT,
        required=True,
        key="along",
        bind="query-params",
        persist_state="session",
    )
    crowd = pick_crowd(selection)
    windows = list(migration.windows[WINDOW])
    ends = _pick_ends(windows) if along == Along.ANY else None
    steps = windows.index(ends[1]) - windows.index(ends[0]) if ends else 1
    if steps < 1:
        st.info("Choose a later window to compare with.")
        return
    apart = ends if steps > 1 else None
    question = Question(migration.window_size, migration.level, apart, *crowd)
    known = known_flows(selection, migration, question)
    if known is None:
        return
    if ends:
        _show_pair(known, ARROW.join(ends), migration, legend)
    elif not views.pairs(migration):
        st.info(words.NO_PAIRS)
    elif along == Along.ALL:
        _show_all(known, migration, legend)
    else:
        _show_pair(known, _pick_pair(views.pairs(migration), known), migration, legend)


def _pick_ends(windows: list[str]) -> tuple[str, str]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = st.selectbox("From", windows, 0, key="flow-from", bind="query-params")
        last = st.selectbox("To", windows, len(windows) - 1, key="flow-to", bind="query-params")
    return first, last


def _pick_pair(pairs: list[str], known: Known) -> str:
    # Of other people, another pair is worth seeing.
    if st.session_state.get(_PAIR_OF, known.whose) != known.whose:
        st.session_state.pop("pair", None)
        st.query_params.pop("pair", None)
    st.session_state[_PAIR_OF] = known.whose
    busiest = views.busiest_pair(known.flows)
    pair: str = st.selectbox(
        "From one window to the next",
        pairs,
        index=pairs.index(busiest) if busiest else len(pairs) - 1,
        key="pair",
        bind="query-params",
        help="Opens on the pair where most moved beyond chance.",
    )
    return pair


def _show_pair(known: Known, pair: str, migration: Migration, legend: Legend) -> None:
    """Whom it rests on and its strongest move, unless the page's headline tells that; then the figures."""
    flows = views.flows_of(known.flows, pair)
    if known.people is not None:
        n_users = known.people.get(pair, 0)
        if n_users < SMALLEST_GROUP:
            st.info(f"Fewer than {SMALLEST_GROUP} people were active in both windows{known.whose}.")
            return
        st.caption(f"Rests on {count(n_users)} people active in both windows{known.whose}.")
    strongest = words.strongest_sentence(flows, legend.interests)
    if strongest not in words.headlines(migration, legend.interests)[0]:
        st.markdown(strongest)
    show_pair(flows, pair, legend, words.partly(migration, pair.split(ARROW)))


def show_pair(flows: pd.DataFrame, pair: str, legend: Legend, partly: str = "") -> None:
    """Streams and matrix between two windows; a sentence where no group is large enough. ``partly``: which
    of the windows are not whole.
    """
    if flows.empty:
        st.info(words.NO_GROUP)
        return
    table = views.flow_table(flows, legend.names)
    show_figure(
        streams(flows, legend.names, legend.colours, dark=legend.dark),
        title=words.pair_title(flows, legend.names, pair),
        note=f"{words.stayed_sentence(flows)} The width is the share of activity. Strong colour: moves "
        f"beyond chance; faint: what stayed; grey: moves that chance explains.{partly}",
        alt=f"Streams between interests, {pair}; the table below holds every share",
        table=table,
        name="streams",
    )
    show_figure(
        excess_matrix(flows, legend.names, [i for i in legend.order if i in words.ids_in(flows)]),
        title="Blue cells: more moved there than by chance; orange: fewer",
        note="Each row is an interest people left, each column the interest with that number; points above "
        "or below what the same people's shuffled events give. Grey: not significant.",
        alt=f"Matrix of moves beyond chance between interests, {pair}",
        table=table,
        name="excess",
    )


def _show_all(known: Known, migration: Migration, legend: Legend) -> None:
    windows = list(migration.windows[WINDOW])
    first, last = st.select_slider(
        "Windows",
        windows,
        value=(windows[max(0, len(windows) - MOST_COLUMNS)], windows[-1]),
        key=f"columns-{migration.window_size}",
    )
    shown = windows[windows.index(first) : windows.index(last) + 1]
    if known.people is not None:
        st.caption(f"Rests on {count(known.n_users)} people active in two windows in a row{known.whose}.")
    flows = known.flows
    flows = flows[flows[FROM_WINDOW].isin(shown) & flows[TO_WINDOW].isin(shown)]
    drawn = drawn_flows(flows)
    if drawn.empty:
        st.info(words.NO_GROUP if len(shown) > 1 else "Choose two windows or more.")
        return
    left_out = 1 - drawn["weight"].sum() / flows["weight"].sum()
    show_figure(
        alluvial(drawn, shown, legend.names, legend.colours),
        title=words.all_title(flows, legend.names),
        note=f"{words.stayed_sentence(flows)} A column for each window; strong colour: moves beyond chance; "
        f"faint: what stayed; grey: what chance explains. Moves of less than {percent(THINNEST)} of all "
        f"activity are not drawn, {percent(left_out)} of it in all.{words.partly(migration, shown)}",
        alt=f"Streams between interests through the windows from {first} to {last}",
        table=views.flow_table(flows, legend.names),
        name="alluvial",
    )
