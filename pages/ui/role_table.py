"""The columns of a file and the roles they play: seen and mended."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from pages.ui.alike import Group
from pages.ui.phrases import listed, percent, plain, shorten
from recsys_core.logs.formats import FileInfo, FileKind
from recsys_core.logs.roles import LIKE, NAMED

NONE: Final = "(none)"
NEEDED: Final = {
    FileKind.INTERACTIONS: ("user", "item", "time"),
    FileKind.ITEMS: ("item",),
    FileKind.PEOPLE: ("user",),
}
WORDS: Final = {
    "user": ("User", "Who it is: the same ids in every file."),
    "item": ("Item", "With what: the same ids as in the file of items."),
    "time": ("Time", "When: a date, or a number that counts from 1970."),
    "domain": ("Domain", "The shop or section, where one file holds several."),
    "event": ("Event", "What was done, e.g. view, cart or buy."),
    "weight": ("Weight or rating", "How strongly: a number of 0 or more."),
    "session": ("Session", "Which visit it belongs to."),
    "title": ("Title", "What people read."),
    "category": ("Category", "A group, or several."),
    "image": ("Image address", "Where a picture of it lies."),
}
LOG_ROLES: Final = ("user", "item", "time", "domain", "event", "weight", "session")
ITEM_ROLES: Final = ("item", "title", "category", "domain", "image")
PEOPLE_ROLES: Final = ("user",)
ABOUT_ITEMS: Final = ("title", "category", "image")
TEXT: Final = "text"
PER_ROW: Final = 4


def pick_roles(info: FileInfo, group: Group, kind: FileKind) -> dict[str, str]:
    """Role → column of files with the columns of ``info``, as people leave it."""
    start = starting_roles(info, group)
    if kind is FileKind.ITEMS:
        return _pick(ITEM_ROLES, info, group, start, kind) | _pick_text(info, group, start, kind)
    if kind is FileKind.PEOPLE:
        return _pick_person(info, group, start, kind)
    roles = _pick(LOG_ROLES, info, group, start, kind)
    has_items = any(role in start for role in (*ABOUT_ITEMS, TEXT))
    told = st.toggle(
        "The file also tells of the items: title, text, category",
        value=has_items,
        key=f"tells-{group.key}-{kind}",
        persist_state="session",
    )
    if not told:
        return roles
    about = _pick(ABOUT_ITEMS, info, group, start, kind)
    return roles | about | _pick_text(info, group, start, kind)


def starting_roles(info: FileInfo, group: Group) -> dict[str, str]:
    """What was remembered, else guessed, as far as the columns are there."""
    roles: Mapping[str, str] = group.said.roles if group.said is not None else info.guess.fields
    return {role: columns for role, columns in roles.items() if _there(columns, info)}


def lacking_roles(roles: Mapping[str, str], kind: FileKind) -> tuple[str, ...]:
    """The needed roles that have no column."""
    return tuple(role for role in NEEDED[kind] if role not in roles)


def sureness(role: str, column: str, info: FileInfo, group: Group) -> str:
    """How sure the choice of a column is, in words; "" where there is none."""
    if column == NONE:
        return ""
    if group.said is not None and group.said.roles.get(role) == column:
        return "remembered from last time"
    if info.guess.fields.get(role) != column:
        return "chosen by you"
    confidence = info.guess.confidence.get(role, 0.0)
    if info.published is not None:
        return "sure by the format"
    if confidence >= NAMED:
        return "sure by its name"
    return f"{percent(confidence)} sure, by its {'name' if confidence >= LIKE else 'values'}"


def _pick(
    roles: tuple[str, ...], info: FileInfo, group: Group, start: Mapping[str, str], kind: FileKind
) -> dict[str, str]:
    """A grid of choices, a few in each row."""
    chosen = {}
    for first in range(0, len(roles), PER_ROW):
        places = st.columns(PER_ROW)
        for role, place in zip(roles[first : first + PER_ROW], places, strict=False):
            with place:
                column = _pick_one(role, info, group, start.get(role, NONE), kind)
            if column != NONE:
                chosen[role] = column
    return chosen


def _pick_person(info: FileInfo, group: Group, start: Mapping[str, str], kind: FileKind) -> dict[str, str]:
    """Who a row tells of; every other column is an attribute."""
    chosen = _pick(PEOPLE_ROLES, info, group, start, kind)
    others = [plain(column) for column in info.columns if column != chosen.get("user")]
    st.caption(
        f"Told of people: {listed(others)}. The scorecard compares groups by them. What no ten people share, "
        "such as names, is not stored."
    )
    return chosen


def _pick_one(role: str, info: FileInfo, group: Group, start: str, kind: FileKind) -> str:
    label, about = WORDS[role]
    options = [NONE, *info.columns]
    column: str = st.selectbox(
        f"{label} (needed)" if role in NEEDED[kind] else label,
        options,
        index=options.index(start) if start in options else 0,
        key=f"role-{group.key}-{kind}-{role}",
        persist_state="session",
        help=about,
    )
    example, sure = _example(info, column), sureness(role, column, info, group)
    if example or sure:
        shown = plain(example) if example else "empty in the first rows"
        st.caption(" · ".join([shown, *([sure] if sure else [])]))
    return column


def _pick_text(info: FileInfo, group: Group, start: Mapping[str, str], kind: FileKind) -> dict[str, str]:
    chosen = st.multiselect(
        "Text: what the language model reads besides the title",
        info.columns,
        default=_several(start.get(TEXT, ""), info),
        key=f"text-{group.key}-{kind}",
        persist_state="session",
        placeholder="Choose columns",
        help="Descriptions help most. Several columns are joined.",
    )
    return {TEXT: ",".join(chosen)} if chosen else {}


def _several(columns: str, info: FileInfo) -> list[str]:
    return [columns] if columns in info.columns else [c for c in columns.split(",") if c in info.columns]


def _there(columns: str, info: FileInfo) -> bool:
    return columns in info.columns or all(column in info.columns for column in columns.split(","))


def _example(info: FileInfo, column: str) -> str:
    values = info.sample[column].tolist() if column in info.columns else []
    first = next((str(value) for value in values if value.strip()), "")
    return shorten(" ".join(first.split()))
