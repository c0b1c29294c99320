"""Publishing with differential privacy: what it means and costs, before it is done; then the files."""

import streamlit as st

from pages.ui import publish_words as words
from pages.ui.empty import job_button
from pages.ui.state import Selection
from recsys_core import pipeline
from recsys_core.release.noise import has_noise
from recsys_core.release.release import Release
from recsys_core.release.terms import MOST_WINDOWS, THOUSANDTHS, Terms
from recsys_core.workspace.publishing import release_archive
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.releases import Published
from recsys_core.workspace.workspace import Workspace

_MOST_SHOWN = 8


def show_publish(selection: Selection, info: DatasetInfo, window: str, level: int) -> None:
    """The section: ε and what it means, the button, what was published before."""
    st.divider()
    st.markdown("#### Publish with differential privacy")
    st.caption(words.ABOUT)
    if has_noise():
        _offer(selection, info, window, level)
    else:
        st.info(words.NOT_INSTALLED)
    _show_published(selection.ws, info)


def _offer(selection: Selection, info: DatasetInfo, window: str, level: int) -> None:
    terms, run = _pick(selection, window, level)
    left = pipeline.budget(selection.ws, info.name)
    st.markdown(words.meaning(terms))
    st.markdown(words.expected(terms))
    st.caption(words.spent(left))
    if terms.thousandths > left.left:
        st.warning(words.too_much(terms, left), icon=":material/block:")
        return
    params = {"dataset": info.name, "version": info.version, "run": run, **terms.as_params()}
    label = f"Publish for ε = {terms.epsilon:g}"
    job_button(selection.ws, "release", params, label=label, title=words.TITLE, dataset=info.name)


def _pick(selection: Selection, window: str, level: int) -> tuple[Terms, str | None]:
    """The terms, and the run whose interests are taken, None for those of the titles."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        epsilon = st.number_input(
            "ε", 0.1, 10.0, 1.0, 0.1, format="%.1f", key="epsilon", help=words.EPSILON_HELP, width=160
        )
        most = st.number_input(
            "Windows a person counts in",
            2,
            24,
            MOST_WINDOWS,
            key="most-windows",
            help=words.MOST_HELP,
            width=220,
        )
        of = words.OF_TITLES
        if selection.run:
            of = st.segmented_control(
                "Interests found from",
                [words.OF_TITLES, words.OF_MODEL],
                default=words.OF_TITLES,
                required=True,
                key="release-interests",
                help=words.INTERESTS_HELP,
            )
    counted = round(epsilon * THOUSANDTHS) / THOUSANDTHS
    run = selection.run.id if selection.run and of == words.OF_MODEL else None
    return Terms(counted, window, level, int(most)), run


def _show_published(ws: Workspace, info: DatasetInfo) -> None:
    there = [one for one in pipeline.releases(ws, info.name) if one.version == info.version]
    for one in there[::-1][:_MOST_SHOWN]:
        made = _release(str(ws.root), info.name, one, ws)
        if made is not None:
            st.download_button(
                words.download(one, made.document),
                data=lambda made=made: release_archive(made),
                file_name=words.file_name(info.name, one, made.document),
                mime="application/zip",
                key=f"release-{one.key}-{one.run_id}",
                icon=":material/download:",
                on_click="ignore",
            )


@st.cache_resource(max_entries=16, show_spinner=False)
def _release(root: str, dataset: str, one: Published, _ws: Workspace) -> Release | None:
    del root  # tells workspaces apart
    return pipeline.load_release(_ws, dataset, one.version, one.run_id, one.key)
