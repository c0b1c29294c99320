"""The step that says where an import goes."""

from collections.abc import Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui.import_plan import Target
from pages.ui.phrases import listed, plain
from pages.ui.state import Selection
from recsys_core.workspace.requests import MAX_BAD, Finding

REPLACE, APPEND = "Replace it", "Add to it"
PEOPLE: Final = "personal-data"
USER_IDS: Final = "users' ids"


def choose_target(selection: Selection) -> tuple[Target, DeltaGenerator]:
    """Step 4: dataset, replace or append, pseudonyms, share of bad rows; and a place for advice."""
    st.markdown("#### 4. Where it goes")
    names = [info.name for info in selection.ws.datasets()]
    where, how, bad = st.columns(3)
    with where:
        name = st.text_input(
            "Dataset",
            value="my logs",
            max_chars=64,
            key="upload-dataset",
            persist_state="session",
            help="Importing into a dataset that exists makes its next version; the old one stays.",
        ).strip()
        if names:
            shown = listed([plain(one) for one in [*names[:4], *(["others"] if len(names) > 4 else [])]])
            st.caption(f"There {'is' if len(names) == 1 else 'are'} already: {shown}.")
    with how:
        append = _choose_append(name in names)
    with bad:
        max_bad = _choose_max_bad()
    pseudonymise = st.toggle(
        "Replace user ids by pseudonyms",
        key="upload-pseudonyms",
        persist_state="session",
        help="The key stays in the workspace; the same user gets the same pseudonym in every import.",
    )
    return Target(name, append, pseudonymise, max_bad), st.empty()


def advise_pseudonyms(place: DeltaGenerator, findings: Sequence[Finding], pseudonymise: bool) -> None:
    """Say that user ids are personal data, right where pseudonyms are chosen."""
    people = [one for one in findings if one.kind == PEOPLE and one.about == USER_IDS]
    if people and not pseudonymise:
        text = " ".join(plain(one.text.removesuffix(" Import with pseudonyms.")) for one in people)
        place.warning(
            f"{text} Switch pseudonyms on, so that they are not stored.", icon=":material/shield_person:"
        )


def _choose_append(exists: bool) -> bool:
    chosen = st.radio(
        "A domain that the dataset already has",
        [REPLACE, APPEND],
        key="upload-append",
        persist_state="session",
        horizontal=True,
        disabled=not exists,
        help="Other domains of the dataset stay as they are. This matters only where the dataset exists.",
    )
    return exists and chosen == APPEND


def _choose_max_bad() -> float:
    share = st.number_input(
        "Stop where more rows are bad than (%)",
        min_value=0.0,
        max_value=100.0,
        value=100 * MAX_BAD,
        step=1.0,
        format="%.1f",
        key="upload-max-bad",
        persist_state="session",
        help="Rows that cannot be read are set aside with the reason. Above this share nothing is imported.",
    )
    return float(share) / 100
