"""The step that says what each file is: what it holds, of which domain, and how it is read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.alike import Group, some_names
from pages.ui.edited import edit_table
from pages.ui.how_read import choose_text, show_rows
from pages.ui.import_plan import guess_domains
from pages.ui.phrases import plain
from pages.ui.upload_files import look_into, readable_size
from recsys_core.logs.formats import FileInfo, FileKind
from recsys_core.logs.reading import Reading

HOLDS: Final = {
    FileKind.INTERACTIONS: "interactions",
    FileKind.ITEMS: "items",
    FileKind.PEOPLE: "people",
    FileKind.OTHER: "leave out",
}
OF_A_DOMAIN: Final = (FileKind.INTERACTIONS, FileKind.ITEMS)
READ: Final = "upload-read"
"""Which groups have files that are read, so that one may say how."""
KINDS: Final = {word: kind for kind, word in HOLDS.items()}


@dataclass(frozen=True)
class Detected:
    """A file that is understood, and the group of alike files that it belongs to. ``domain``: "" where a
    column or the log says it; ``typed``: whether people wrote it.
    """

    info: FileInfo
    group: Group
    kind: FileKind
    domain: str
    typed: bool


def detect_step(
    groups: Sequence[Group], left_out: Mapping[str, str], hidden: Sequence[str]
) -> tuple[list[Detected], DeltaGenerator, dict[str, DeltaGenerator]]:
    """Step 2: what each file is; places for questions and, by group, for more choices of how it is read."""
    st.markdown("#### 2. What each file is")
    st.caption(
        "A domain is one shop, catalogue or section. Items go with the interactions of the same domain, "
        "people with all. Leave the domain empty where a column of the file says it. *Holds* and *Domain* "
        "can be changed."
    )
    table, notes, asking = st.container(), st.container(), st.container()
    places: dict[str, DeltaGenerator] = {}
    infos: list[tuple[FileInfo, Group]] = []
    drawn = {group.key: _is_read(group) for group in groups}
    for group in groups:
        found, places[group.key] = _read_group(group, drawn[group.key])
        infos += [(info, group) for info in found]
    with table:
        detected = _files_table(infos) if infos else []
    with notes:
        _show_left_out(left_out, hidden, detected)
    _note_read(groups, detected, drawn)
    return detected, asking, places


def _is_read(group: Group) -> bool:
    """Whether a file of the group is read, as far as is known before the table is drawn."""
    likely = group.info is None or _likely_kind(group.info, group) is not FileKind.OTHER
    return bool(st.session_state.get(READ, {}).get(group.key, likely))


def _note_read(groups: Sequence[Group], detected: Sequence[Detected], drawn: Mapping[str, bool]) -> None:
    """Draw the page again where the table says otherwise than was thought."""
    read = {one.group.key for one in detected if one.kind is not FileKind.OTHER}
    now = {group.key: group.info is None or group.key in read for group in groups}
    if now != drawn:
        st.session_state[READ] = now
        st.rerun()


def _read_group(group: Group, shown: bool) -> tuple[list[FileInfo], DeltaGenerator]:
    """The files of a group read as chosen in their expander, and the place for more choices in it; the
    expander is only ``shown`` where one of them is read.
    """
    if not shown:
        plainly = [look_into(found, Reading()) for found in group.files]
        return [info for info in plainly if isinstance(info, FileInfo)], st.container()
    problem = st.container()
    with st.expander(f"How {group.names} {'is' if len(group.files) == 1 else 'are'} read"):
        reading = choose_text(group)
        looks = [
            look_into(found, Reading(encoding=reading.encoding, delimiter=reading.delimiter))
            for found in group.files
        ]
        more = st.container()
        infos = [info for info in looks if isinstance(info, FileInfo)]
        if infos:
            show_rows(infos[0], group.key)
    for one in looks:
        if isinstance(one, str):
            problem.error(f"{plain(one)} Change how it is read below, or remove it.", icon=":material/error:")
    return infos, more


def _files_table(infos: Sequence[tuple[FileInfo, Group]]) -> list[Detected]:
    files = [info for info, _ in infos]
    kinds = [_likely_kind(info, group) for info, group in infos]
    guessed = guess_domains(files, kinds)
    table = pd.DataFrame(
        {
            "File": [info.name for info in files],
            "Understood as": [info.told for info in files],
            "Size": [readable_size(info.size) for info in files],
            "Holds": [HOLDS[kind] for kind in kinds],
            "Domain": [d if kind in OF_A_DOMAIN else "" for kind, d in zip(kinds, guessed, strict=True)],
        }
    )
    edited = edit_table(
        table,
        "upload-files",
        by="File",
        editable={
            "Holds": st.column_config.SelectboxColumn(options=list(KINDS), required=True, width="small"),
            "Domain": st.column_config.TextColumn(max_chars=64, width="small"),
        },
        fixed={"Size": st.column_config.TextColumn(width="small", alignment="right")},
    )
    domains = [str(domain or "").strip() for domain in edited["Domain"].fillna("")]
    return [
        Detected(info, group, KINDS[holds], domain, typed=domain != guess)
        for (info, group), holds, domain, guess in zip(
            infos, edited["Holds"], domains, table["Domain"], strict=True
        )
    ]


def _likely_kind(info: FileInfo, group: Group) -> FileKind:
    """A file of an archive in which no user and item are seen is likely no log, as a README."""
    inside = any(found.inside for found in group.files)
    doubtful = group.said is None and inside and info.kind is FileKind.INTERACTIONS
    return FileKind.OTHER if doubtful and not _is_log(info) else info.kind


def _is_log(info: FileInfo) -> bool:
    return {"user", "item"} <= set(info.guess.fields)


def _show_left_out(left_out: Mapping[str, str], hidden: Sequence[str], detected: Sequence[Detected]) -> None:
    unseen = {
        one.info.name: "no columns look like a user and an item."
        for one in detected
        if one.kind is FileKind.OTHER and one.info.kind is FileKind.INTERACTIONS and not _is_log(one.info)
    }
    lines = [f"- **{plain(name)}**: {plain(why)}" for name, why in {**unseen, **left_out}.items()]
    if hidden:
        lines.append(f"- {some_names(hidden)}: hidden, so not unpacked.")
    if len(lines) > 5:
        with st.expander(f"{len(lines)} files are left out"):
            st.markdown("\n".join(lines))
    elif lines:
        st.caption("Left out:\n" + "\n".join(lines))
