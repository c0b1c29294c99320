"""The files of this session: how they arrive, what they look like."""

import shlex
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.ui.archives import (
    expand,
    held_of_archives,
    hidden_of_archives,
    is_expanded,
    keep_archives,
)
from pages.ui.phrases import count, plain
from pages.ui.server_files import MOST, path_of, server_files
from pages.ui.uploads import held, new_folder, receive, uploads_folder
from recsys_core.errors import DriftmapError, InputError
from recsys_core.logs.containers import Found, is_zip
from recsys_core.logs.formats import FileInfo, detect
from recsys_core.logs.reading import Reading
from recsys_core.settings import read_settings
from recsys_core.workspace.allowance import admit_upload
from recsys_core.workspace.workspace import Workspace

SIZES = ("B", "kB", "MB", "GB")
SERVER, PROBLEMS = "upload-server", "upload-problems"
UNPACKED = ".server"
"""Where archives that lie on the server are unpacked, in the folder of the upload."""


@dataclass(frozen=True)
class Arrived:
    """``files``: to look into; ``hidden``: names of what archives held and was not unpacked."""

    files: tuple[Found, ...]
    hidden: tuple[str, ...] = ()


def upload_folder(ws: Workspace) -> Path:
    """The folder of this session's upload."""
    folder = uploads_folder(ws) / str(st.session_state.get("upload", ""))
    if "upload" not in st.session_state or not folder.is_dir():
        folder = new_folder(ws)
        st.session_state["upload"] = folder.name
    return folder


def take_files(ws: Workspace) -> Arrived:
    """The uploader and the files on the server. What arrives goes to disk at once."""
    folder, limit = upload_folder(ws), _limit_mb()
    _uploader(ws, folder, limit)
    shared = read_settings().import_folder
    on_server = _pick_on_server(folder, shared) if shared is not None and shared.is_dir() else []
    _caption_of_limit(ws, limit, shared)
    for problem in st.session_state.get(PROBLEMS, ()):
        st.error(plain(problem), icon=":material/error:")
    unpacked = folder / UNPACKED
    files = (*held(folder), *on_server, *held_of_archives(unpacked))
    return Arrived(files, (*hidden_of_archives(folder), *hidden_of_archives(unpacked)))


def remove_files(ws: Workspace) -> None:
    """Let go of all files: the uploaded ones are deleted, those on the server only no longer chosen."""
    folder = upload_folder(ws)
    shutil.rmtree(folder, ignore_errors=True)
    for key in ("upload", SERVER, PROBLEMS):
        st.session_state.pop(key, None)


@st.cache_data(max_entries=256, show_spinner=False)
def look(path: Path, name: str, changed: int, reading: Reading) -> FileInfo | str:
    """The look into a file, or why it could not be understood."""
    del changed  # only makes a file that was sent again another one
    try:
        return detect(path, reading, name)
    except DriftmapError as error:
        return str(error)


def look_into(found: Found, reading: Reading) -> FileInfo | str:
    """The look into a file as it is now."""
    try:
        return look(found.path, found.name, found.path.stat().st_mtime_ns, reading)
    except OSError as error:
        return f"{found.name} cannot be read: {error.strerror}. Choose it again."


def readable_size(size: int) -> str:
    """Bytes → "1.2 MB"."""
    value, unit = float(size), 0
    while value >= 1000 and unit < len(SIZES) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.0f} {SIZES[unit]}" if unit == 0 else f"{value:.1f} {SIZES[unit]}"


def show_example() -> None:
    """What a log looks like, for those who have none at hand."""
    with st.expander("What a log looks like"):
        st.code(
            "user_id,item_id,timestamp\nana,tea-12,2024-03-01T18:05:00Z\nana,pot-3,2024-03-04\nben,tea-12,1709300000",
            language=None,
        )
        st.caption("And its items, in a second file:")
        st.code(
            "item_id,title,description\ntea-12,Green tea,Loose leaf from Uji\npot-3,Teapot,Holds 0.8 litres",
            language=None,
        )
        st.caption("And, if you like, what is known of its people, in a third:")
        st.code("user_id,gender,age\nana,F,34\nben,M,27", language=None)
        st.caption(
            "Other names for the columns are fine, and so are the published formats of MovieLens, Amazon "
            "reviews, MIND, H&M, RecBole, GA4 and Segment."
        )


def _uploader(ws: Workspace, folder: Path, limit: int) -> None:
    turn = st.session_state.setdefault("upload-turn", 0)
    sent = st.file_uploader(
        "Logs of interactions, files of items and of people, of one domain or several",
        accept_multiple_files=True,
        max_upload_size=limit,
        key=f"uploader-{turn}",
        help="CSV, TSV, JSON lines or Parquet, packed as gz, zst or zip or not. Files stay on the server "
        "that runs Driftmap.",
    )
    if sent:
        with st.spinner("Keeping the files …"):
            taken, refused = _within_allowance(ws, sent)
            st.session_state[PROBLEMS] = [*refused, *receive(folder, taken)]
            _let_go(sent)
        st.session_state["upload-turn"] = turn + 1
        st.rerun()


def _within_allowance(ws: Workspace, sent: Sequence[UploadedFile]) -> tuple[list[UploadedFile], list[str]]:
    """The files that whoever sends them may send today, and why others are not taken."""
    taken, refused = [], []
    for file in sent:
        try:
            admit_upload(ws, file.size)
            taken.append(file)
        except InputError as error:
            refused.append(f"{file.name} was not taken. {error}")
    return taken, refused


def _let_go(sent: Sequence[UploadedFile]) -> None:
    """Streamlit keeps what was sent in memory until the browser leaves, also of an uploader that is gone."""
    context = get_script_run_ctx()
    if context is not None:
        for file in sent:
            context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
            file.close()


def _pick_on_server(folder: Path, shared: Path) -> list[Found]:
    """The picker of the files under ``shared``; archives are unpacked into ``folder``, others stay there."""
    offered = {file.name: file for file in server_files(shared)}
    chosen = st.multiselect(
        "Files on the server",
        list(offered),
        format_func=lambda name: f"{name} ({readable_size(offered[name].size)})" if name in offered else name,
        placeholder="Choose files" if offered else "There are no files in that folder",
        key=SERVER,
        persist_state="session",
        help=f"What lies in {shared} on the server. It is read where it is and never copied; only archives "
        "are unpacked first." + (f" The first {count(MOST)} files." if len(offered) == MOST else ""),
    )
    found = []
    keep_archives(folder / UNPACKED, chosen)
    for name in chosen:
        path = path_of(shared, name)
        if path is not None and is_zip(path):
            _expand_once(folder / UNPACKED, path, name)
        elif path is not None:
            found.append(Found(path, name, inside=False))
    return found


def _expand_once(folder: Path, path: Path, name: str) -> None:
    if is_expanded(folder, path, name):
        return
    try:
        with st.spinner(f"Unpacking {plain(name)} …"):
            expand(folder, path, name)
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")


def _limit_mb() -> int:
    """The smaller of what Driftmap and what the server under it allow."""
    return min(read_settings().max_upload_mb, int(st.get_option("server.maxUploadSize")))


def _caption_of_limit(ws: Workspace, limit: int, shared: Path | None) -> None:
    command = f"driftmap import FILE --dataset NAME --workspace {shlex.quote(str(ws.root.resolve()))}"
    by_folder = (
        f", or put it into `{shared}` and choose it above"
        if shared is not None
        else ", or set `DRIFTMAP_IMPORT_FOLDER` to a folder on the server and choose it here"
    )
    st.caption(
        f"Up to {count(limit)} MB a file; it stays on the server that runs Driftmap. For a larger one use "
        f"the command line, `{command}`{by_folder}."
    )
