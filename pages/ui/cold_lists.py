"""The two lists of a preview: each title with its interest, why it is there, what changed, a say on it."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from pages.ui import cold_words as words
from pages.ui.cold_what_if import say
from pages.ui.phrases import plain, shorten
from pages.ui.profiles import Person
from pages.ui.tables import show_table
from recsys_core.catalogue.dataset import Dataset
from recsys_core.interests.interests import Interests
from recsys_core.recommend.recommendation import Recommendation

_THUMBS: Final = (
    (True, "thumb_up", "More like", "More like this"),
    (False, "thumb_down", "Not for me:", "Not for me"),
)
_SAYS: Final = "cold-says"
_LINE: Final = "cold-line"
_STYLE: Final = f"""<style>
[class*="st-key-{_LINE}"] {{ flex-wrap: nowrap; }}
[class*="st-key-{_SAYS}"] button [data-testid="stMarkdownContainer"] {{
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}}
</style>"""
"""Thumbs stay beside their title on a phone. They are enough to see; what they are for, and which title, is
there for those who have it read out.
"""


@dataclass(frozen=True, eq=False)
class Listing:
    """``shown`` under ``title``, its files and widgets under ``name``; ``mark``: the badge of what is not in
    the ``other`` list. ``moves``: places gained since the plain list, where something was asked for.
    ``taken``: item rows that the person really took. ``person``: who has a say on each title, or None.
    """

    title: str
    name: str
    shown: Recommendation
    other: Recommendation
    mark: str
    moves: tuple[int | None, ...] = ()
    taken: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    person: Person | None = None


def show_listing(dataset: Dataset, interests: Interests | None, level: int, listing: Listing) -> None:
    """One list with its table, the sums behind its scores and the downloads."""
    table = words.preview_table(dataset, interests, listing.shown, listing.other, level)
    st.markdown(f"#### {plain(listing.title)}")
    if listing.person is not None:
        st.html(_STYLE)
    for place, row in enumerate(table.itertuples(index=False)):
        marks = ["" if row[-1] else listing.mark]
        marks += [words.move_badge(listing.moves[place])] if listing.moves else []
        marks += [":green-badge[:material/check: took it]"] if _taken(listing, place) else []
        line = words.line(row.Rank, row.Title, row.Interest, row.Why, " ".join(filter(None, marks)))
        _show_line(dataset, listing, place, line)
    with st.expander("Table, sums and downloads"):
        show_table(table, listing.name)
        if any(listing.shown.reasons):
            st.caption("How each score adds up: popularity and every part of what is known, with its sign.")
            show_table(words.sums_table(dataset, listing.shown), f"{listing.name}-sums")


def _show_line(dataset: Dataset, listing: Listing, place: int, line: str) -> None:
    if listing.person is None:
        st.markdown(line)
        return
    item = int(listing.shown.items[place])
    both = st.container(horizontal=True, gap="small", key=f"{_LINE}-{listing.name}-{item}")
    both.markdown(line)
    title = plain(shorten(str(dataset.labels[item]), 60))
    with both.container(horizontal=True, gap="small", width="content", key=f"{_SAYS}-{listing.name}-{item}"):
        for likes, icon, about, tip in _THUMBS:
            st.button(
                f"{about} *{title}*",
                icon=f":material/{icon}:",
                type="tertiary",
                help=tip,
                key=f"cold-{icon}-{listing.name}-{item}",
                on_click=say,
                args=(dataset, listing.person, item, likes),
            )


def _taken(listing: Listing, place: int) -> bool:
    return bool(np.isin(listing.shown.items[place], listing.taken))
