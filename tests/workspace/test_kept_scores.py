import numpy as np
import pandas as pd

from recsys_core.evaluation.kept import ModelResult
from recsys_core.workspace.kept_scores import KIND, KeptScores
from recsys_core.workspace.purging import holds_people
from recsys_core.workspace.workspace import Workspace

RESULT = ModelResult(
    per_user=pd.DataFrame({"user": [4, 7], "ndcg@10": [0.5, 0.25]}),
    lists=np.array([[3, 1], [2, -1]]),
    known=pd.DataFrame({"known": [0], "user": [4], "value": [0.5]}),
    fit_seconds=1.5,
    peak_rss_mb=90,
    ms_per_user=0.2,
    choices="shrink=20",
    quality=float("nan"),
)


def test_comes_back_where_nothing_has_changed(ws: Workspace) -> None:
    kept = KeptScores(ws, "shop", 1, None)
    kept.save("abc", "blend", "code 1", RESULT)
    back = kept.load("abc", "blend", "code 1")
    assert back is not None
    assert back.per_user.equals(RESULT.per_user)
    assert back.known.equals(RESULT.known)
    assert back.lists.tolist() == RESULT.lists.tolist()
    assert (back.fit_seconds, back.choices, np.isnan(back.quality)) == (1.5, "shrink=20", True)
    assert kept.load("abc", "blend", "code 2") is None
    assert kept.load("other split", "blend", "code 1") is None
    assert kept.load("abc", "popularity", "code 1") is None
    assert KeptScores(ws, "shop", 2, None).load("abc", "blend", "code 1") is None
    assert KeptScores(ws, "shop", 1, "run-1").load("abc", "blend", "code 1") is None


def test_goes_with_the_people_it_tells_of(ws: Workspace) -> None:
    KeptScores(ws, "shop", 1, None).save("abc", "blend", "code 1", RESULT)
    (folder,) = (ws.root / "results").glob(f"{KIND}-*")
    assert holds_people(folder)
