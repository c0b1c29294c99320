"""What stands beside the recommendations: what is popular, one recommender alone, or another run's list."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.ui.cold_previews import list_of
from pages.ui.loaded import cold_start_in_use
from pages.ui.phrases import plain
from pages.ui.run_words import unique_names
from pages.ui.score_words import model_name
from pages.ui.state import Selection, finished_runs
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.recommendation import Recommendation
from recsys_core.recommend.registry import BLEND, POPULARITIES

if TYPE_CHECKING:
    from recsys_core.recommend.cold_start import ColdStart

RECENT: Final = "recent-popularity"
_RUN: Final = "run:"


@dataclass(frozen=True, eq=False)
class Beside:
    """``cold`` recommends by its recommender ``name``; ``title``: on top, ``inside``: in a sentence."""

    cold: "ColdStart"
    name: str
    title: str
    inside: str

    @property
    def is_popular(self) -> bool:
        """Whether it is a popularity."""
        return self.name in POPULARITIES

    def list_for(self, profile: Profile, k: int, exclude_seen: bool) -> Recommendation:
        """Its list for a person; typed text is read by its own encoder."""
        if profile.has_text:
            profile = replace(profile, text_vector=self.cold.profile_for_text(profile.text).text_vector)
        return list_of(self.cold, self.name, profile, k, exclude_seen)


def pick_beside(selection: Selection, cold: "ColdStart", target: str) -> Beside:
    """The list to compare with, by a picker that is kept in the link; another run's where there is one."""
    names = [RECENT, *(name for name in cold.recommenders if name not in (RECENT, BLEND))]
    runs = [] if cold.held_out else finished_runs(selection)
    called = unique_names(runs)
    others = {f"{_RUN}{r.id}": f"Blend of {called[r.id]}" for r in runs if r.id != (selection.run or r).id}
    options = {name: model_name(name) for name in names} | others
    chosen = st.selectbox(
        "Beside it",
        list(options),
        format_func=lambda name: options[name],
        key="beside",
        bind="query-params",
        help=None if not others else "Another run reads texts, and knows people, in its own way.",
    )
    chosen = chosen or RECENT
    title = options[chosen]
    if not chosen.startswith(_RUN):
        inside = "recent popularity" if chosen == RECENT else f"*{plain(title)}*"
        return Beside(cold, chosen, title, inside)
    run = next(run for run in runs if f"{_RUN}{run.id}" == chosen)
    other = cold_start_in_use(Selection(selection.ws, selection.dataset, run), target)
    return Beside(other, BLEND, title, f"*{plain(title)}*")
