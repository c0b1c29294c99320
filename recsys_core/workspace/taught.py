"""A log that has learned from feedback: likes as events, dislikes as no events."""

import hashlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import DOMAIN, ITEM_ID, TIMESTAMP
from recsys_core.workspace.feedback import LIKES, PERSON, feedback_of, person_of
from recsys_core.workspace.workspace import Workspace

Rows = NDArray[np.int64]


def said_in(ws: Workspace, data: Dataset, untouched: Rows) -> pd.DataFrame:
    """What known users said of items that are there: ``user``, ``item`` (row numbers), ``likes``, ``time``
    (unix seconds). Nothing of visitors, nor of the user rows ``untouched``, by whom a model is judged.
    """
    said = feedback_of(ws, data.name)
    people = set(said[PERSON])
    rows = {name: row for row, name in enumerate(_names(ws, data)) if name in people} if people else {}
    keys = pd.MultiIndex.from_frame(data.items[[DOMAIN, ITEM_ID]])
    found = pd.DataFrame(
        {
            "user": said[PERSON].map(rows).fillna(-1).astype(np.int64),
            "item": keys.get_indexer(pd.MultiIndex.from_frame(said[[DOMAIN, ITEM_ID]])).astype(np.int64),
            LIKES: said[LIKES].astype(bool),
            "time": said[TIMESTAMP].dt.as_unit("s").astype(np.int64),
        }
    )
    usable = (found["user"] >= 0) & (found["item"] >= 0) & ~found["user"].isin(untouched)
    return found[usable].reset_index(drop=True)


def taught(data: Dataset, said: pd.DataFrame) -> Dataset:
    """``data`` with an event for each like that ``said_in`` gives, and without the events of dislikes."""
    likes = said[said[LIKES]]
    disliked = said[~said[LIKES]]
    pairs = (disliked["user"] * data.n_items + disliked["item"]).to_numpy(np.int64)
    kept = data.select_events(
        data.by_pieces(lambda piece: ~np.isin(piece.user * piece.n_items + piece.item, pairs))
    )
    more = (likes[column].to_numpy(np.int64) for column in ("user", "item", "time"))
    return kept.with_events(*more)


def hash_of(said: pd.DataFrame) -> str:
    """16 hex digits over all that was said: a fine-tune only goes on with the very same."""
    return hashlib.sha256(said.to_csv(index=False).encode()).hexdigest()[:16]


def _names(ws: Workspace, data: Dataset) -> list[str]:
    return [person_of(ws, data.name, str(user)) for user in data.user_ids]
