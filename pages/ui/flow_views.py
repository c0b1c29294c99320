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
from pages.ui.pair_views import answer_to, ask
from pages.ui.phrases import percent
from pages.ui.state import Selection
from recsys_core.columns import FROM_WINDOW, TO_WINDOW, WINDOW
from recsys_core.interests.interests import Interests
from recsys_core.migration.migration import Migration

MOST_COLUMNS: Final = 8
"""So many windows stand beside each other at first; the slider shows more."""


class Along(StrEnum):
    """Which windows the flows are between."""

    NEXT = "one window to the next"
    ANY = "any two windows"
    ALL = "all windows in a row"


@dataclass(frozen=True)
class Look:
    """How interests are called and coloured; ``order``: the ids of the level shown."""

    interests: Interests
    names: Mapping[int, str]
    colours: Mapping[int, str]
    order: Sequence[int]

    @property
    def dark(self) -> bool:
        """Whether the page is dark."""
        return st.context.theme.type == "dark"


def show_flows(selection: Selection, migration: Migration, look: Look) -> None:
    """The section: a switch, then the flows it names."""
    pairs = views.pairs(migration)
    along = st.segmented_control(
        "Flows from", list(Along), default=Along.NEXT, required=True, key="along", bind="query-params"
    )
    if along == Along.ANY:
        question = ask(selection, migration)
        if question is not None:
            answer = answer_to(selection, migration, question)
            if answer is not None:
                st.markdown(words.strongest_sentence(answer, look.interests))
                pair = f"{question.first}{views.ARROW}{question.second}"
                show_pair(answer, pair, look, words.partly(migration, (question.first, question.second)))
    elif not pairs:
        st.info(words.NO_PAIRS)
    elif along == Along.ALL:
        _show_all(migration, look)
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
        if pair != views.busiest_pair(migration):  # whose strongest move is the page's headline
            st.markdown(words.strongest_sentence(flows, look.interests))
        show_pair(flows, pair, look, words.partly(migration, pair.split(views.ARROW)))


def show_pair(flows: pd.DataFrame, pair: str, look: Look, partly: str = "") -> None:
    """Streams and matrix between two windows; a sentence where no group is large enough. ``partly``: which
    of the windows are not whole.
    """
    if flows.empty:
        st.info(words.NO_GROUP)
        return
    table = views.flow_table(flows, look.names)
    show_figure(
        streams(flows, look.names, look.colours, dark=look.dark),
        title=words.pair_title(flows, look.names, pair),
        note=f"{words.stayed_sentence(flows)} The width is the share of activity. Strong colour: moves "
        f"beyond chance; faint: what stayed; grey: moves that chance explains.{partly}",
        alt=f"Streams between interests, {pair}; the table below holds every share",
        table=table,
        name="streams",
    )
    show_figure(
        excess_matrix(flows, look.names, [i for i in look.order if i in words.ids_in(flows)]),
        title="Blue cells: more moved there than by chance; orange: fewer",
        note="Each row is an interest people left, each column the interest with that number; points above "
        "or below what the same people's shuffled events give. Grey: not significant.",
        alt=f"Matrix of moves beyond chance between interests, {pair}",
        table=table,
        name="excess",
    )


def _show_all(migration: Migration, look: Look) -> None:
    windows = list(migration.windows[WINDOW])
    first, last = st.select_slider(
        "Windows",
        windows,
        value=(windows[max(0, len(windows) - MOST_COLUMNS)], windows[-1]),
        key=f"columns-{migration.window_size}",
    )
    shown = windows[windows.index(first) : windows.index(last) + 1]
    flows = views.all_flows(migration)
    flows = flows[flows[FROM_WINDOW].isin(shown) & flows[TO_WINDOW].isin(shown)]
    drawn = drawn_flows(flows)
    if drawn.empty:
        st.info(words.NO_PAIRS if len(shown) > 1 else "Choose two windows or more.")
        return
    left_out = 1 - drawn["weight"].sum() / flows["weight"].sum()
    show_figure(
        alluvial(drawn, shown, look.names, look.colours, dark=look.dark),
        title=words.all_title(flows, look.names),
        note=f"{words.stayed_sentence(flows)} A column for each window; strong colour: moves beyond chance; "
        f"faint: what stayed; grey: what chance explains. Moves of less than {percent(THINNEST)} of all "
        f"activity are not drawn, {percent(left_out)} of it in all.{words.partly(migration, shown)}",
        alt=f"Streams between interests through the windows from {first} to {last}",
        table=views.flow_table(flows, look.names),
        name="alluvial",
    )
