"""Is my file understood? Detect → map → preview → import."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.alike import group_alike
from pages.ui.detect_step import detect_step
from pages.ui.import_jobs import show_import, start_import
from pages.ui.import_preview import Previews, request_step
from pages.ui.import_report import preview_sentence, show_preview
from pages.ui.map_step import Mapped, map_step, remember_choices
from pages.ui.needs import show_needs
from pages.ui.phrases import count, listed, plain
from pages.ui.places import UPLOAD, page_header
from pages.ui.signing_in import may
from pages.ui.state import Selection, current
from pages.ui.target_step import advise_pseudonyms, choose_target
from pages.ui.upload_files import Arrived, remove_files, show_example, take_files
from pages.ui.workspaces import asker
from recsys_core.access import Role
from recsys_core.errors import DriftmapError
from recsys_core.pipeline import ImportPreview, ImportRequest


def files_step(selection: Selection) -> Arrived:
    """Step 1: the files."""
    st.markdown("#### 1. Your files")
    arrived = take_files(selection.ws)
    if arrived.files:
        n = len(arrived.files)
        st.button(
            f"Remove {'this file' if n == 1 else f'these {count(n)} files'}",
            key="remove-files",
            icon=":material/delete:",
            on_click=remove_files,
            args=(selection.ws,),
            help="Uploaded files are deleted; files on the server stay there and are only no longer chosen.",
        )
    return arrived


def understand(selection: Selection, arrived: Arrived) -> Mapped:
    """Steps 2 and 3: what the files are and what their columns mean."""
    groups, left_out = group_alike(selection.ws, arrived.files)
    detected, asking, places = detect_step(groups, left_out, arrived.hidden)
    return map_step(selection.ws, detected, asking, places)


def preview_step(
    previews: Previews, request: ImportRequest, preview: ImportPreview, headline: DeltaGenerator
) -> None:
    """Step 6: what will be stored."""
    sentence = preview_sentence(preview, previews.extent)
    headline.markdown(f"##### {sentence}")
    st.markdown("#### 6. Preview")
    if preview.sampled:
        said, button = st.columns([4, 1], vertical_alignment="center")
        said.info(
            f"Read: {previews.extent.sentence}. All numbers here are of these; the import reads all.",
            icon=":material/speed:",
        )
        button.button(
            "Read all of it",
            key="read-all",
            on_click=previews.read_whole,
            args=(request,),
            width="stretch",
            help="Gives the exact numbers. Of ten million rows it takes minutes; the page waits meanwhile.",
        )
    show_preview(preview)


def offer_import(selection: Selection, mapped: Mapped, request: ImportRequest | None, ready: bool) -> None:
    """The button that starts the import, under what it needs where that is much."""
    if request is not None and ready:
        show_needs(selection.ws, "import", request.as_params())
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            "Import", type="primary", disabled=not ready, icon=":material/download_done:", key="import"
        )
        if request is not None and ready:
            versions = selection.ws.versions(request.dataset)
            number = versions[-1].version + 1 if versions else 1
            st.caption(f"Makes version {number} of *{plain(request.dataset)}*.", width="content")
    if pressed and request is not None and start_import(selection.ws, request):
        remember_choices(selection.ws, mapped, request)
        st.rerun()


def wizard(selection: Selection, headline: DeltaGenerator) -> None:
    """The steps, one below the other; those after an open question wait for its answer."""
    arrived = files_step(selection)
    if not arrived.files:
        show_example()
        return
    mapped = understand(selection, arrived)
    if mapped.open:
        n = len(mapped.open)
        headline.markdown(
            f"##### {'One question is' if n == 1 else f'{n} questions are'} open before the rows can be read."
        )
        st.warning(f"To go on, choose {listed(mapped.open)}.", icon=":material/help:")
        offer_import(selection, mapped, None, ready=False)
        return
    target, advice = choose_target(selection)
    try:
        previews = Previews(selection.ws, mapped.choices)
        request, preview = request_step(previews, mapped.choices, mapped.groups, target)
    except DriftmapError as error:
        headline.markdown("##### The rows cannot be read as things are.")
        st.error(plain(str(error)), icon=":material/error:")
        offer_import(selection, mapped, None, ready=False)
        return
    advise_pseudonyms(advice, preview.findings, request.pseudonymise)
    preview_step(previews, request, preview, headline)
    offer_import(selection, mapped, request, ready=not preview.problem)


selection = current()
page_header(UPLOAD.title, UPLOAD.question)
show_import(selection.ws)
headline = st.empty()
if may(Role.ANALYST):
    wizard(selection, headline)
else:
    st.info(f"Importing takes the role {Role.ANALYST}; yours is {asker().role}.", icon=":material/lock:")
    show_example()
