"""The steps from files to a request: what each holds, what each column means, where it goes."""

import pandas as pd
import streamlit as st

from pages.ui.import_plan import FileChoice, guess_domain
from pages.ui.phrases import listed, plain
from pages.ui.role_table import pick_roles
from pages.ui.state import Selection
from pages.ui.upload_files import readable_size
from recsys_core.logs.formats import FileInfo, FileKind

HOLDS = {FileKind.INTERACTIONS: "interactions", FileKind.ITEMS: "items"}
LEAVE = "leave out"


def choose_kinds(infos: list[FileInfo]) -> list[tuple[FileInfo, FileKind, str]]:
    """Step 1: what each file holds and which domain it is of."""
    st.markdown("#### 1. What each file holds")
    st.caption(
        "A domain is one shop, catalogue or section. Items go with the interactions of the same domain. "
        "Leave the domain empty where a column of the file says it."
    )
    table = pd.DataFrame(
        {
            "File": [info.path.name for info in infos],
            "Format": [str(info.format) for info in infos],
            "Size": [readable_size(info.size) for info in infos],
            "Holds": [HOLDS[info.kind] for info in infos],
            "Domain": [guess_domain(info) for info in infos],
        }
    )
    edited = st.data_editor(
        table,
        disabled=["File", "Format", "Size"],
        column_config={
            "Holds": st.column_config.SelectboxColumn(options=[*HOLDS.values(), LEAVE], required=True)
        },
        hide_index=True,
        width="stretch",
        key="kinds-" + "-".join(f"{info.path.name}:{info.size}" for info in infos),
    )
    kinds = {name: kind for kind, name in HOLDS.items()}
    rows = zip(infos, edited["Holds"], edited["Domain"].fillna(""), strict=True)
    return [(info, kinds[holds], str(domain).strip()) for info, holds, domain in rows if holds in kinds]


def choose_roles(files: list[tuple[FileInfo, FileKind, str]]) -> list[FileChoice]:
    """Step 2: which column plays which role, a table for each set of columns."""
    st.markdown("#### 2. What each column means")
    groups: dict[tuple[FileKind, tuple[str, ...]], list[tuple[FileInfo, FileKind, str]]] = {}
    for info, kind, domain in files:
        groups.setdefault((kind, info.columns), []).append((info, kind, domain))
    choices, missing = [], []
    for number, ((kind, columns), members) in enumerate(groups.items()):
        names = listed([plain(info.path.name) for info, _, _ in members])
        st.markdown(f"**{HOLDS[kind].capitalize()}** in {names}")
        corrections, lacks = pick_roles(
            [info for info, _, _ in members], kind, f"{number}-{kind}-{'-'.join(columns)}"
        )
        missing += [f"the {role} in {names}" for role in lacks]
        choices += [FileChoice(info, kind, domain, corrections) for info, _, domain in members]
    if missing:
        st.warning(f"Choose the column for {listed(missing)}.", icon=":material/warning:")
        st.stop()
    return choices


def choose_target(selection: Selection) -> tuple[str, bool, bool]:
    """The name of the dataset; whether to append; whether to replace user ids."""
    names = [info.name for info in selection.ws.datasets()]
    st.markdown("#### 3. Where it goes")
    name = st.text_input(
        "Dataset",
        value="my logs",
        max_chars=64,
        key="upload-dataset",
        persist_state="session",
        help="Importing into a dataset that exists makes its next version; the old one stays.",
    ).strip()
    if names:
        st.caption(
            f"There {'is' if len(names) == 1 else 'are'} already: {listed([plain(n) for n in names])}."
        )
    append = pseudonymise = False
    if name in names:
        append = st.toggle("Add to domains that are there, instead of replacing them", key="upload-append")
    pseudonymise = st.toggle(
        "Replace user ids by pseudonyms",
        key="upload-pseudonyms",
        help="The key stays in the workspace; the same user gets the same pseudonym in every import.",
    )
    return name, append, pseudonymise
