import numpy as np
import pandas as pd

from recsys_core.catalogue.dataset import Dataset
from recsys_core.interests.interests import Interests
from recsys_core.interests.telling import told_interests


def test_events_of_few_people_are_told_neither_themselves_nor_by_what_is_left():
    rows = [(f"u{user:02}", item) for item, n in enumerate((30, 20, 12, 3)) for user in range(n)]
    events = pd.DataFrame(rows, columns=["user_id", "item"])
    events = events.assign(item_id="i" + events["item"].astype(str), domain="d", event="", weight=1.0)
    events["timestamp"] = pd.Timestamp("2024-01-01", tz="UTC")
    items = pd.DataFrame({"item_id": [f"i{i}" for i in range(4)], "domain": "d", "title": "t", "text": "t"})
    dataset = Dataset.from_frames("d", 1, events.drop(columns="item"), items)
    table = pd.DataFrame({"interest": range(6), "level": [0, 0, 1, 1, 1, 1], "parent": [-1, -1, 0, 0, 1, 1]})
    table = table.assign(name="n", terms="", n_items=1, n_events=[50, 15, 30, 20, 12, 3])
    of_items = np.array([[0, 0, 1, 1], [2, 3, 4, 5]])
    told = told_interests(dataset, Interests((2, 4), table, of_items, np.zeros((6, 2), np.float32)))
    assert told["n_events"].tolist() == [50, 15, 30, 20, None, None]
