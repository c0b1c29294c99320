"""Every page of the dashboard, once: where it lies, what it is called, what it answers."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from recsys_core.access import Role


@dataclass(frozen=True)
class Place:
    """One page. ``path`` is relative to ``pages/``; ``url`` is the last part of its address; ``role``: who is
    shown it.
    """

    path: str
    url: str
    title: str
    icon: str
    question: str
    role: Role = Role.VIEWER

    def page(self, role: Role) -> st.Page:
        """The page as ``st.navigation`` wants it, listed for people of its role; home is the default page."""
        return st.Page(
            self.path,
            title=self.title,
            icon=self.icon,
            url_path=self.url,
            default=self.url == "home",
            visibility="visible" if self.role <= role else "hidden",
        )


def _place(path: str, title: str, icon: str, question: str, role: Role = Role.VIEWER) -> Place:
    return Place(path, title.lower().replace(" ", "-"), title, f":material/{icon}:", question, role)


HOME: Final = _place("home/home.py", "Home", "home", "Where do things stand?")
UPLOAD: Final = _place("data/upload.py", "Upload", "upload_file", "Is my file understood?")
COVERAGE: Final = _place("data/coverage.py", "Coverage", "join_inner", "Is there enough to learn from?")
FINETUNE: Final = _place(
    "model/finetune.py", "Fine-tune", "model_training", "What will it cost, and how is it going?"
)
RUNS: Final = _place("model/runs.py", "Runs", "format_list_numbered", "Which model is best, and why?")
ATLAS: Final = _place("interests/atlas.py", "Atlas", "map", "What do people care about?")
MIGRATION: Final = _place(
    "interests/migration.py", "Migration", "moving", "Where are interests going, really?"
)
JOURNEY: Final = _place("interests/journey.py", "Journey", "timeline", "What happened to this one?")
COLD_START: Final = _place(
    "recommend/cold_start.py", "Cold start", "ac_unit", "What would a new user get, and is it better?"
)
SCORECARD: Final = _place("recommend/scorecard.py", "Scorecard", "scoreboard", "Can I believe it?")
JOBS: Final = _place("system/jobs.py", "Jobs", "pending_actions", "What is running, and what failed?")
TEAM: Final = _place("system/team.py", "Team", "group", "Who may do what in this workspace?", Role.ADMIN)
AUDIT: Final = _place("system/audit.py", "Audit", "history", "Who did what, and when?", Role.ADMIN)

SECTIONS: Final[dict[str, tuple[Place, ...]]] = {
    "": (HOME,),
    "Data": (UPLOAD, COVERAGE),
    "Model": (FINETUNE, RUNS),
    "Interests": (ATLAS, MIGRATION, JOURNEY),
    "Recommend": (COLD_START, SCORECARD),
    "System": (JOBS, TEAM, AUDIT),
}


def pages_for(role: Role) -> dict[str, list[st.Page]]:
    """The pages of each section. Those of a higher role are not listed, but there, so that a link to one, or
    another workspace picked on one, ends in ``show_page``.
    """
    return {name: [place.page(role) for place in places] for name, places in SECTIONS.items()}


def show_page(page: st.Page, role: Role) -> None:
    """Run a page, or say which role it takes."""
    place = next(one for places in SECTIONS.values() for one in places if one.title == page.title)
    if place.role <= role:
        page.run()
        return
    page_header(place.title, place.question)
    st.info(
        f"This page takes the role {place.role}; yours in this workspace is {role}.", icon=":material/lock:"
    )


def link(place: Place, label: str | None = None) -> None:
    """A link to another page, keeping what is selected."""
    st.page_link(place.path, label=label or place.title, icon=place.icon)


def page_header(title: str, question: str) -> None:
    """The page's title with the question it answers underneath."""
    st.title(title, anchor=False)
    st.caption(question)
