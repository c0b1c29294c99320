"""What was selected on the atlas: kept by row number in the session, told in words, picture and table."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from pages.ui.charts import ranked_bars
from pages.ui.cohort import cohort_in_use, drop_cohort, keep_cohort, show_cohort
from pages.ui.colours import interest_colours
from pages.ui.figures import show_figure
from pages.ui.phrases import called, count, listed, percent, plain
from pages.ui.places import COLD_START, JOURNEY, MIGRATION, link
from pages.ui.tables import show_table
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DOMAIN, ITEM_ID, NAME, TITLE
from recsys_core.interests.interests import Interests

CHART = "atlas_chart"
_STATE = "atlas_selection"


@dataclass(frozen=True, eq=False)
class Selected:
    """``rows``: ascending row numbers of items ("titles") or users ("people") of one dataset version."""

    kind: str
    dataset: str
    rows: NDArray[np.int64]


def selected(kind: str, dataset: Dataset) -> NDArray[np.int64] | None:
    """The rows selected of this ``kind`` in this dataset; None where nothing is selected."""
    state = st.session_state.get(_STATE)
    fits = isinstance(state, Selected) and (state.kind, state.dataset) == (kind, _name(dataset))
    return state.rows if fits and len(state.rows) else None


def take_selection(kind: str, dataset: Dataset, drawn: NDArray[np.int64]) -> None:
    """Keep what the chart says is selected; ``drawn``: the row its points stand for, one by one.

    An empty report comes from a redrawn figure and is ignored.
    """
    event = st.session_state.get(CHART)
    reported = event["selection"]["points"] if event else []
    picked = [point["point_index"] for point in reported if point["curve_number"] == 0]
    if picked:
        rows = np.unique(drawn[np.asarray(picked, np.int64)])
        st.session_state[_STATE] = Selected(kind, _name(dataset), rows)


def clear_selection() -> None:
    """Select nothing."""
    st.session_state.pop(_STATE, None)


def show_selection(kind: str, dataset: Dataset, interests: Interests, level: int) -> None:
    """The panel under the map: what is selected, its interests, its table; or how to select."""
    rows = selected(kind, dataset)
    if rows is None:
        show_cohort(dataset, "other pages speak of it.")
        st.caption(f"Draw around {kind} on the map with the lasso or the box to see what they are.")
        return
    items = rows if kind == "titles" else dataset.item[np.isin(dataset.user, rows)]
    breakdown = interest_breakdown(interests, level, items)
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    left.markdown(f"### {selection_sentence(kind, len(rows), breakdown)}")
    _offer_cohort(kind, dataset, rows)
    right.button("Clear selection", on_click=clear_selection, icon=":material/close:", key="atlas_clear")
    picture, table = st.columns([2, 3])
    with picture:
        _show_breakdown(kind, interests, breakdown)
    with table:
        st.markdown("#### Titles selected" if kind == "titles" else "#### What they took most")
        show_table(title_table(dataset, interests, level, items, kind), "atlas-selection", height=420)


def people_of(kind: str, dataset: Dataset, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The people selected; for titles, those who took at least one of them. User rows, ascending."""
    return rows if kind == "people" else np.unique(dataset.user[np.isin(dataset.item, rows)])


def _offer_cohort(kind: str, dataset: Dataset, rows: NDArray[np.int64]) -> None:
    users = people_of(kind, dataset, rows)
    whom = "these people" if kind == "people" else f"the {count(len(users))} people who took any of them"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            f"Use {whom} as cohort",
            on_click=keep_cohort,
            args=(dataset, users),
            icon=":material/group_add:",
            key="atlas-cohort",
            disabled=not len(users),
            help="Other pages then speak of this cohort. It is kept until you close the browser tab.",
        )
        cohort = cohort_in_use(dataset)
        if cohort is not None:
            st.markdown(f"**{plain(cohort.sentence)}:**")
            for place in (MIGRATION, JOURNEY, COLD_START):
                link(place)
            st.button("Everybody again", on_click=drop_cohort, icon=":material/close:", key="cohort-drop")


def interest_breakdown(interests: Interests, level: int, items: NDArray[np.int64]) -> pd.DataFrame:
    """``interest``, ``name``, ``n``, ``share`` of the interests among item rows, most first."""
    held, n = np.unique(interests.item_interest[level][items], return_counts=True)
    names = interests.table[NAME].to_numpy(object)[held]
    table = pd.DataFrame({"interest": held, "name": names, "n": n, "share": n / max(1, n.sum())})
    return table.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def selection_sentence(kind: str, n: int, breakdown: pd.DataFrame) -> str:
    """As in: 213 titles selected: 40 % coffee, 22 % tea and 10 % mugs."""
    parts = [f"{percent(row.share)} {called(row.name)}" for row in breakdown.head(3).itertuples(index=False)]
    what = ("title" if kind == "titles" else "person") if n == 1 else kind
    about = "" if kind == "titles" else " whose events are"
    return f"{count(n)} {what} selected{about or ':'} {listed(parts)}."


def title_table(
    dataset: Dataset, interests: Interests, level: int, items: NDArray[np.int64], kind: str
) -> pd.DataFrame:
    """Selected titles with their interest and events; for people, how often *they* took each title."""
    rows, times = np.unique(items, return_counts=True)
    n_events = np.bincount(dataset.item, minlength=dataset.n_items)[rows] if kind == "titles" else times
    known = dataset.items.iloc[rows]
    table = pd.DataFrame(
        {
            "Title": known[TITLE].where(known[TITLE] != "", known[ITEM_ID]).to_numpy(),
            "Interest": interests.table[NAME].to_numpy(object)[interests.item_interest[level][rows]],
            "Domain": known[DOMAIN].to_numpy(),
            "Events" if kind == "titles" else "Times taken": n_events,
        }
    )
    return table.sort_values(table.columns[-1], ascending=False, kind="stable", ignore_index=True)


def _show_breakdown(kind: str, interests: Interests, breakdown: pd.DataFrame) -> None:
    colours, top = interest_colours(interests), breakdown.head(10)
    unit = "Titles" if kind == "titles" else "Events"
    table = pd.DataFrame(
        {"Interest": breakdown["name"], unit: breakdown["n"], "Share (%)": 100 * breakdown["share"]}
    )
    show_figure(
        ranked_bars(list(top["name"]), list(top["n"]), unit, [colours[int(i)] for i in top["interest"]]),
        title="Their interests",
        alt=f"Bars: the interests of what is selected; the largest is {breakdown['name'].iloc[0]}",
        table=table,
        name="atlas-breakdown",
    )


def _name(dataset: Dataset) -> str:
    return f"{dataset.name}:{dataset.version}"
