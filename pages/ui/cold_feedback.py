"""What is said of single titles, kept in the workspace under a pseudonym.

Said for a known user it is that user's; said for picks, typed text or nobody it is a visitor's, one for each
browser session. Of test users and cohorts nothing is kept: it would be no one's own word.
"""

import secrets
from typing import Final

import numpy as np
import streamlit as st

from pages.ui.profiles import Person
from pages.ui.signing_in import may
from pages.ui.workspaces import workspace
from recsys_core.access import Role
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DOMAIN, ITEM_ID
from recsys_core.workspace.feedback import LIKES, VISITOR, feedback_of, keep_feedback, person_of

_VISITOR: Final = "cold-visitor"


def keep_said(dataset: Dataset, person: Person, item: int, likes: bool | None) -> None:
    """Keep it in the workspace, where it is someone's own word and whoever looks may have it kept."""
    name = _name(dataset, person)
    if name is not None and may(Role.ANALYST):
        row = dataset.items.iloc[item]
        keep_feedback(workspace(), dataset.name, name, str(row[DOMAIN]), str(row[ITEM_ID]), likes)


def kept_of(dataset: Dataset, person: Person) -> dict[int, bool]:
    """Whether a known user likes each item row they have spoken of, as the workspace keeps it."""
    name = _name(dataset, person) if person.user is not None else None
    if name is None:
        return {}
    ids, domains = (dataset.items[column].to_numpy(object) for column in (ITEM_ID, DOMAIN))
    found: dict[int, bool] = {}
    for said in feedback_of(workspace(), dataset.name, name).to_dict("records"):
        rows = np.flatnonzero((ids == said[ITEM_ID]) & (domains == said[DOMAIN]))
        found |= {int(row): bool(said[LIKES]) for row in rows}
    return found


def _name(dataset: Dataset, person: Person) -> str | None:
    if not person.speaks:
        return None
    if person.user is not None:
        return person_of(workspace(), dataset.name, str(dataset.user_ids[person.user]))
    return str(st.session_state.setdefault(_VISITOR, f"{VISITOR}{secrets.token_hex(6)}"))
