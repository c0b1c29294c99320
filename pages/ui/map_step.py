"""The step that says what each column means, a form for files that look alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.alike import Group, forget_button, some_names
from pages.ui.detect_step import HOLDS, Detected
from pages.ui.how_timed import choose_times
from pages.ui.import_plan import FileChoice
from pages.ui.phrases import plain
from pages.ui.role_table import lacking_roles, pick_roles
from recsys_core.logs.formats import FileKind
from recsys_core.logs.reading import Reading
from recsys_core.workspace.mappings import Remembered, remember
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace

UNLIKE: Final = (("user", "item"), ("user", "time"), ("item", "time"))


@dataclass(frozen=True)
class Mapped:
    """``choices``: of every file that is read; ``groups``: of each, those that look like it; ``open``: what
    still has to be said, in a few words each.
    """

    choices: tuple[FileChoice, ...]
    groups: tuple[Group, ...]
    open: tuple[str, ...]


def map_step(
    ws: Workspace,
    detected: Sequence[Detected],
    asking: DeltaGenerator,
    places: Mapping[str, DeltaGenerator],
) -> Mapped:
    """Step 3: which column plays which role, and how its times are read."""
    st.markdown("#### 3. What each column means")
    forms: dict[tuple[str, FileKind, tuple[str, ...]], list[Detected]] = {}
    for one in detected:
        if one.kind is not FileKind.OTHER:
            forms.setdefault((one.group.key, one.kind, one.info.columns), []).append(one)
    choices: list[FileChoice] = []
    groups: list[Group] = []
    open_questions: list[str] = []
    for (key, kind, _), members in forms.items():
        found, questions = _form(ws, kind, members, asking, places[key])
        choices += found
        groups += [one.group for one in members]
        open_questions += questions
    return Mapped(tuple(choices), tuple(groups), tuple(open_questions))


def remember_choices(ws: Workspace, mapped: Mapped, request: ImportRequest) -> None:
    """Keep what was said of the files for the next ones with the same columns."""
    for choice, group in zip(mapped.choices, mapped.groups, strict=True):
        if group.mark:
            remember(ws, group.mark, Remembered(choice.roles, choice.info.reading, request.rules))


def _form(
    ws: Workspace,
    kind: FileKind,
    members: Sequence[Detected],
    asking: DeltaGenerator,
    place: DeltaGenerator,
) -> tuple[list[FileChoice], list[str]]:
    """The choices of files with the same columns, and the questions that are open."""
    group, first = members[0].group, members[0].info
    names = some_names([one.info.name for one in members])
    st.markdown(f"**{HOLDS[kind].capitalize()}** in {names}")
    forget_button(ws, group)
    roles = pick_roles(first, group, kind)
    questions = [f"the {role} in {names}" for role in lacking_roles(roles, kind)]
    questions += [
        f"another column for the {b} than for the {a} in {names}"
        for a, b in UNLIKE
        if roles.get(a) and roles.get(a) == roles.get(b)
    ]
    readings = {one.info.name: one.info.reading for one in members}
    if kind is FileKind.INTERACTIONS and "time" in roles:
        timed = choose_times(group, [one.info for one in members], roles["time"], asking, place)
        questions += [f"whether the day or the month comes first in {names}"] if timed.open else []
        readings = timed.readings
    return [_choice(one, roles, readings[one.info.name]) for one in members], questions


def _choice(one: Detected, roles: Mapping[str, str], reading: Reading) -> FileChoice:
    """A domain that was typed wins over a column for it, and that over a guess."""
    by_column = "domain" in roles and not one.typed
    if by_column and one.domain:
        st.caption(f"{plain(one.info.name)}: the column *{plain(roles['domain'])}* says the domain.")
    return FileChoice(replace(one.info, reading=reading), one.kind, "" if by_column else one.domain, roles)
