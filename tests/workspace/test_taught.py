import numpy as np
import pandas as pd

from recsys_core.workspace.feedback import keep_feedback, person_of
from recsys_core.workspace.taught import hash_of, said_in, taught
from recsys_core.workspace.workspace import Workspace


def _shop(ws: Workspace) -> None:
    rows = [("ann", "a"), ("ann", "b"), ("bob", "a"), ("cat", "a")]
    log = pd.DataFrame(rows, columns=["user_id", "item_id"]).assign(
        domain="tea", timestamp=pd.Timestamp("2020-01-01", tz="UTC")
    )
    items = pd.DataFrame([(i, "tea", i, i) for i in "abc"], columns=["item_id", "domain", "title", "text"])
    ws.save_dataset("shop", log, items, {})


def test_likes_are_events_and_dislikes_none(ws: Workspace) -> None:
    _shop(ws)
    data = ws.load_dataset("shop")
    for user, item, likes in (
        ("ann", "c", True),
        ("ann", "b", False),
        ("bob", "c", True),
        ("cat", "c", True),
    ):
        keep_feedback(ws, "shop", person_of(ws, "shop", user), "tea", item, likes)
    keep_feedback(ws, "shop", "visitor-1", "tea", "c", True)
    keep_feedback(ws, "shop", person_of(ws, "shop", "cat"), "tea", "gone", True)

    said = said_in(ws, data, untouched=np.array([data.user_row("bob")]))
    learned = taught(data, said)

    pairs = [(str(data.user_ids[u]), data.labels[i]) for u, i in zip(learned.user, learned.item, strict=True)]
    assert pairs == [("ann", "a"), ("ann", "c"), ("bob", "a"), ("cat", "a"), ("cat", "c")]
    assert (learned.weight > 0).all()
    assert (np.diff(learned.time[:2]) > 0).all()
    assert data.n_events == 4  # the log itself is as it was
    assert hash_of(said) != hash_of(said[:1])


def test_nothing_said_teaches_nothing(ws: Workspace) -> None:
    _shop(ws)
    data = ws.load_dataset("shop")
    learned = taught(data, said_in(ws, data, np.zeros(0, np.int64)))
    assert learned.user.tolist() == data.user.tolist()
    assert learned.item.tolist() == data.item.tolist()
