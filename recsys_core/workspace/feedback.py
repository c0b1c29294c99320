"""What was said of recommended titles, "more like this" and "not for me": added to, never changed.

The newest thing said by a person of a title counts; taking it back is one more row. People stand there by
pseudonym only. Rows go where the person is forgotten, and with the dataset.
"""

from datetime import UTC, datetime
from typing import Final

import pandas as pd
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from recsys_core.access import Role
from recsys_core.columns import DOMAIN, ITEM_ID, TIMESTAMP
from recsys_core.privacy import SMALLEST_GROUP
from recsys_core.workspace.column_types import UtcDateTime, Words
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.keys import known_pseudonyms, pseudonyms_of
from recsys_core.workspace.manifest import PSEUDONYMISED
from recsys_core.workspace.tables import Base
from recsys_core.workspace.workspace import Workspace

PERSON: Final = "person"
LIKES: Final = "likes"
VISITOR: Final = "visitor-"
"""How the pseudonyms of people begin who are no known users."""
FEEDBACK: Final = Table(
    "feedback",
    Base.metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("dataset", String(64), nullable=False),
    Column(PERSON, String(64), nullable=False),
    Column(DOMAIN, Words, nullable=False),
    Column(ITEM_ID, Words, nullable=False),
    Column(LIKES, Boolean),
    Column(TIMESTAMP, UtcDateTime, nullable=False),
    Index("feedback_of_a_person", "dataset", PERSON),
    sqlite_autoincrement=True,
)


def person_of(ws: Workspace, dataset: str, user_id: str) -> str:
    """By what a user stands in the feedback of a dataset: the pseudonym, which datasets with pseudonyms hold
    as the id already.
    """
    if ws.dataset(dataset).manifest.get(PSEUDONYMISED):
        return user_id
    return pseudonyms_of(ws).of(user_id)


@changes(Role.ANALYST, "say of a title whether it suits", on=("dataset", "domain"))
def keep_feedback(
    ws: Workspace, dataset: str, person: str, domain: str, item_id: str, likes: bool | None
) -> None:
    """Add that a ``person`` (see ``person_of``) wants more like an item, or not it; None: takes it back."""
    said = {"dataset": dataset, PERSON: person, DOMAIN: domain, ITEM_ID: item_id, LIKES: likes}
    with writing(ws.engine) as session:
        session.execute(insert(FEEDBACK), said | {TIMESTAMP: datetime.now(UTC)})


@takes(Role.VIEWER, "see likes and dislikes")
def feedback_of(ws: Workspace, dataset: str, person: str | None = None) -> pd.DataFrame:
    """What counts now, oldest first: ``person, domain, item_id, likes`` (bool), ``timestamp`` (UTC); of one
    ``person`` where given.
    """
    columns = [FEEDBACK.c[name] for name in (PERSON, DOMAIN, ITEM_ID, LIKES, TIMESTAMP)]
    query = select(*columns).where(FEEDBACK.c.dataset == dataset).order_by(FEEDBACK.c.id)
    if person is not None:
        query = query.where(FEEDBACK.c.person == person)
    with reading(ws.engine) as session:
        rows = session.execute(query).all()
    said = pd.DataFrame(rows, columns=[column.name for column in columns])
    newest = said.drop_duplicates([PERSON, DOMAIN, ITEM_ID], keep="last")
    standing = newest[newest[LIKES].notna()].reset_index(drop=True)
    standing[LIKES] = standing[LIKES].astype(bool)
    standing[TIMESTAMP] = pd.to_datetime(standing[TIMESTAMP], utc=True)
    return standing


def usable_feedback(ws: Workspace, dataset: str) -> tuple[int, int]:
    """How many likes and dislikes of known users stand; those of visitors teach nothing."""
    said = feedback_of(ws, dataset)
    known = said[~said[PERSON].str.startswith(VISITOR)]
    likes = int(known[LIKES].sum())
    return likes, len(known) - likes


@takes(Role.VIEWER, "see likes and dislikes")
def told_feedback(ws: Workspace, dataset: str) -> pd.DataFrame:
    """What may leave the house: ``domain, item_id, likes, dislikes`` (people), items of which fewer than ten
    people spoke left out.
    """
    said = feedback_of(ws, dataset)
    counts = said.assign(dislikes=~said[LIKES]).groupby([DOMAIN, ITEM_ID])[[LIKES, "dislikes"]].sum()
    told = counts[counts.sum(axis=1) >= SMALLEST_GROUP]
    return told.astype(int).reset_index()


def count_feedback(ws: Workspace, dataset: str, names: tuple[str, ...]) -> int:
    """How many rows a person, called by any of ``names``, has."""
    query = select(func.count()).select_from(FEEDBACK).where(_theirs(ws, dataset, names))
    with reading(ws.engine) as session:
        return int(session.scalar(query) or 0)


def forget_feedback(ws: Workspace, dataset: str, names: tuple[str, ...] | None = None) -> None:
    """Remove the rows of a person called by any of ``names``; all of the dataset's where None."""
    with writing(ws.engine) as session:
        chosen = FEEDBACK.c.dataset == dataset if names is None else _theirs(ws, dataset, names)
        session.execute(delete(FEEDBACK).where(chosen))


def _theirs(ws: Workspace, dataset: str, names: tuple[str, ...]) -> ColumnElement[bool]:
    pseudonyms = known_pseudonyms(ws)
    called = {*names, *(pseudonyms.of(name) for name in names if pseudonyms)}
    return (FEEDBACK.c.dataset == dataset) & FEEDBACK.c.person.in_(called)
