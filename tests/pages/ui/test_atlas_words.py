from dataclasses import replace

import numpy as np
import pandas as pd

from pages.ui.atlas_words import unclear_in_words
from recsys_core.interests.interests import Interests

TABLE = pd.DataFrame(
    {
        "interest": [0, 1],
        "level": 0,
        "parent": -1,
        "name": ["Tea", "Unclear"],
        "terms": ["tea", ""],
        "n_items": [24, 1],
        "n_events": [9, 0],
    }
)
FOUND = Interests((1,), TABLE, np.zeros((1, 25), np.int64), np.zeros((2, 3), np.float32))


def test_what_fits_no_interest_is_counted_in_words() -> None:
    assert unclear_in_words(FOUND, 0) == (
        "1 title (4 %) fits none of them or has no text: *Unclear*, grey on the map."
    )
    assert unclear_in_words(replace(FOUND, table=TABLE.assign(n_items=[20, 5])), 0) == (
        "5 titles (20 %) fit none of them or have no text: *Unclear*, grey on the map."
    )


def test_where_every_title_fits_nothing_is_said() -> None:
    assert unclear_in_words(replace(FOUND, table=TABLE.head(1)), 0) == ""
