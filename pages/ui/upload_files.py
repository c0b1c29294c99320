"""The files of this session's upload: how they arrive, what they look like."""

from pathlib import Path

import streamlit as st

from pages.ui.uploads import held, new_folder, receive, uploads_folder
from recsys_core.errors import InputError
from recsys_core.logs.formats import FileInfo, detect
from recsys_core.workspace.workspace import Workspace

SIZES = ("B", "kB", "MB", "GB")


def upload_folder(ws: Workspace) -> Path:
    """The folder of this session's upload."""
    folder = uploads_folder(ws) / str(st.session_state.get("upload", ""))
    if "upload" not in st.session_state or not folder.is_dir():
        folder = new_folder(ws)
        st.session_state["upload"] = folder.name
    return folder


def take_files(ws: Workspace) -> list[Path]:
    """The uploader. What arrives goes to disk at once and the uploader starts afresh."""
    turn = st.session_state.setdefault("upload-turn", 0)
    sent = st.file_uploader(
        "Log files and item files, of one domain or several",
        accept_multiple_files=True,
        key=f"uploader-{turn}",
        help="CSV, TSV, JSON lines or Parquet, gzipped or not. Files stay on this machine.",
    )
    folder = upload_folder(ws)
    if sent:
        try:
            receive(folder, sent)
        except InputError as error:
            st.error(str(error), icon=":material/error:")
        else:
            st.session_state["upload-turn"] = turn + 1
            st.rerun()
    return held(folder)


@st.cache_data(max_entries=64, show_spinner="Looking into the file …")
def look(path: Path, changed: int) -> FileInfo | str:
    """The look into a file, or why it could not be understood."""
    del changed  # only makes a file that was sent again another one
    try:
        return detect(path)
    except InputError as error:
        return str(error)


def understood(paths: list[Path]) -> list[FileInfo]:
    """The files that could be read; the others are named with what to do, and can be removed."""
    found = []
    for path in paths:
        info = look(path, path.stat().st_mtime_ns)
        if isinstance(info, FileInfo):
            found.append(info)
            continue
        text, button = st.columns([5, 1], vertical_alignment="center")
        text.error(info, icon=":material/error:")
        button.button("Remove", key=f"remove-{path.name}", on_click=path.unlink)
    return found


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
