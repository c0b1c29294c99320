"""Is my file understood? Detect → map → preview → import."""

import streamlit as st

from pages.ui.import_jobs import show_imports, start_import
from pages.ui.import_plan import plan
from pages.ui.import_report import preview_sentence, show_preview
from pages.ui.import_steps import choose_kinds, choose_roles, choose_target
from pages.ui.places import UPLOAD, page_header
from pages.ui.state import current
from pages.ui.upload_files import show_example, take_files, understood, upload_folder
from recsys_core.errors import DriftmapError, InputError
from recsys_core.logs.names import check_name
from recsys_core.pipeline import ImportPreview, ImportRequest, preview_import
from recsys_core.workspace.workspace import Workspace


@st.cache_data(max_entries=16, ttl=3600, show_spinner="Reading the rows …")
def preview(
    _ws: Workspace, root: str, request: ImportRequest, changed: tuple[int, ...]
) -> ImportPreview | str:
    """What the import would do, or why it cannot be done. ``root`` and ``changed`` tell requests apart."""
    del root, changed
    try:
        return preview_import(_ws, request)
    except DriftmapError as error:
        return str(error)


def show_previews(ws: Workspace, requests: list[ImportRequest]) -> bool:
    """Step 4: what will be stored. Whether it can be imported."""
    st.markdown("#### 4. Preview")
    found: list[ImportPreview] = []
    for request in requests:
        changed = tuple(path.stat().st_mtime_ns for path in (*request.files, *request.items))
        answer = preview(ws, str(ws.root), request, changed)
        if isinstance(answer, str):
            st.error(answer, icon=":material/error:")
            return False
        found.append(answer)
    st.markdown(f"##### {preview_sentence(found)}")
    for number, one in enumerate(found):
        show_preview(one, f"preview-{number}")
    return not any(one.problem for one in found)


selection = current()
page_header(UPLOAD.title, UPLOAD.question)
show_imports(selection.ws)
infos = understood(take_files(selection.ws))
if not infos:
    show_example()
    st.stop()
folder = upload_folder(selection.ws)
choices = choose_roles(choose_kinds(infos))
name, append, pseudonymise = choose_target(selection)
if not name:
    st.info("Name the dataset to see the preview.", icon=":material/edit:")
    st.stop()
try:
    check_name(name, "dataset")
    requests = plan(name, choices, folder / "named", append=append, pseudonymise=pseudonymise)
except InputError as error:
    st.error(str(error), icon=":material/error:")
    st.stop()
ready = show_previews(selection.ws, requests)
if st.button("Import", type="primary", disabled=not ready, icon=":material/download_done:", key="import"):
    start_import(selection.ws, requests)
