"""What a page says where the model that a link asks for cannot be used."""

import streamlit as st

from pages.ui.phrases import plain
from pages.ui.places import FINETUNE, link
from pages.ui.state import Selection, lost_run
from recsys_core.workspace.records import RunInfo


def tell_lost_run(selection: Selection) -> None:
    """Why it cannot, what is shown in its place, and the way to make it again; nothing where it can."""
    run = lost_run(selection)
    if run is not None and selection.dataset is not None:
        st.warning(lost_words(run, selection.dataset.version, selection.run), icon=":material/link_off:")
        link(FINETUNE, "Fine-tune again")


def lost_words(run: RunInfo, version: int, instead: RunInfo | None) -> str:
    """As in: The model that this link asks for, *run 3*, …; so what follows is by *run 5*."""
    why = "it is not finished"
    if run.stale:
        why = "a person was removed from its data, which are gone"
    elif run.version != version:
        why = f"it was made on version {run.version} of the data, and the newest is version {version}"
    by = f"by *{plain(instead.name)}*" if instead else "made without a fine-tuned model"
    asked = f"The model that this link asks for, *{plain(run.name)}*, cannot be used"
    return f"{asked}: {why}. What follows is {by}."
