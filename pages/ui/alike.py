"""Files that look alike, so that what is said of one is said of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from pages.ui.phrases import count, listed, plain
from pages.ui.upload_files import look_into
from recsys_core.logs.containers import Found
from recsys_core.logs.formats import FileInfo, FileKind
from recsys_core.logs.reading import Reading
from recsys_core.workspace.mappings import Remembered, fingerprint, forget_mapping, recall
from recsys_core.workspace.workspace import Workspace


@dataclass(frozen=True)
class Group:
    """``files`` whose look, with nothing said of them, is the same: ``info`` of the first, None where they
    could not be understood. ``mark``: under which their mapping is remembered, "" where it cannot be.
    ``said``: what is remembered. ``key``: for the widgets that ask about them.
    """

    files: tuple[Found, ...]
    info: FileInfo | None
    mark: str
    said: Remembered | None
    key: str

    @property
    def names(self) -> str:
        """The names of the files, a few of them, for Markdown."""
        return some_names([one.name for one in self.files])


def some_names(names: Sequence[str], most: int = 3) -> str:
    """A few of the names and how many more: "a.csv, b.csv and 7 more"; for Markdown."""
    shown = [plain(name) for name in names[:most]]
    return listed([*shown, f"{count(len(names) - most)} more"] if len(names) > most else shown)


def this_round() -> int:
    """Which import of the session this is; the forms of each start afresh."""
    return int(st.session_state.get("upload-round", 0))


def next_round() -> None:
    """Forget the forms of this import, so that the next one starts from what is remembered."""
    st.session_state["upload-round"] = this_round() + 1
    st.session_state.pop("upload-recalled", None)


def group_alike(ws: Workspace, files: Sequence[Found]) -> tuple[list[Group], dict[str, str]]:
    """The groups, in order of their first files, and why the other files are left out: a file of an archive
    that is no log, or one of a known kind that holds neither events nor items.
    """
    members: dict[str, list[Found]] = {}
    infos: dict[str, FileInfo | None] = {}
    left_out: dict[str, str] = {}
    for found in files:
        info = look_into(found, Reading())
        if isinstance(info, str):
            if found.inside:
                left_out[found.name] = info
                continue
            look, info = f"file {found.name}", None
        elif info.kind is FileKind.OTHER:
            left_out[found.name] = info.published.note if info.published else ""
            look = f"other {found.name}"
        else:
            look = fingerprint(info.kind, [info.told, *info.columns])
        members.setdefault(look, []).append(found)
        infos.setdefault(look, info)
    return [_group(ws, look, members[look], infos[look]) for look in members], left_out


def forget_button(ws: Workspace, group: Group) -> None:
    """Say that the mapping is remembered, and offer to forget it."""
    if group.said is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            "Filled in from last time: these columns have been imported before.",
            width="content",
        )
        st.button(
            "Forget this mapping",
            key=f"forget-{group.key}",
            type="tertiary",
            on_click=_forget,
            args=(ws, group.mark),
        )


def _group(ws: Workspace, look: str, files: Sequence[Found], info: FileInfo | None) -> Group:
    mark = fingerprint(info.kind, info.columns) if info is not None else ""
    said = _recalled(ws, mark) if mark else None
    key = f"{sha256(look.encode()).hexdigest()[:12]}-{this_round()}-{_times_forgotten(mark)}"
    return Group(tuple(files), info, mark, said, key)


def _recalled(ws: Workspace, mark: str) -> Remembered | None:
    """What was remembered when this upload began, so that a form does not change under people's hands."""
    known = st.session_state.setdefault("upload-recalled", {})
    at = (str(ws.root), mark)
    if at not in known:
        known[at] = recall(ws, mark)
    found: Remembered | None = known[at]
    return found


def _times_forgotten(mark: str) -> int:
    return int(st.session_state.get("upload-forgotten", {}).get(mark, 0))


def _forget(ws: Workspace, mark: str) -> None:
    forget_mapping(ws, mark)
    st.session_state.get("upload-recalled", {}).pop((str(ws.root), mark), None)
    st.session_state.setdefault("upload-forgotten", {})[mark] = _times_forgotten(mark) + 1
