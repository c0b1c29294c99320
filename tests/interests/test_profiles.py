import numpy as np
import pandas as pd
import pytest

from recsys_core.catalogue.dataset import Dataset
from recsys_core.interests import profiles
from recsys_core.interests.interests import Interests
from recsys_core.interests.profiles import UserWindows, user_window_vectors
from recsys_core.logs.windows import WindowSize, windows_between

EVENTS = [
    ("ann", "a", "films", "2024-01-01", 1.0),
    ("ann", "b", "books", "2024-01-31", 1.0),
    ("ann", "b", "books", "2024-02-01", 1.0),
    ("bob", "a", "films", "2024-02-01", 1.0),
    ("bob", "c", "films", "2024-02-01", 3.0),
]
VECTORS = np.array([[0, 2], [1, 0], [0, 0]], np.float32)  # books b, films a, films c


def _dataset() -> Dataset:
    frame = pd.DataFrame(EVENTS, columns=["user_id", "item_id", "domain", "timestamp", "weight"])
    frame["timestamp"] = pd.to_datetime(frame["timestamp"], utc=True)
    items = pd.DataFrame({"item_id": ["a"], "domain": ["films"], "title": ["A"], "text": ["A"]})
    return Dataset.from_frames("tiny", 1, frame, items)


def _windows(states: np.ndarray | None = None) -> UserWindows:
    dataset = _dataset()
    interests = Interests(
        (2, 2), pd.DataFrame(), np.array([[0, 1, 2], [3, 4, 5]]), np.eye(6, 2, dtype=np.float32)
    )
    windows = windows_between(int(dataset.time.min()), int(dataset.time.max()), WindowSize.MONTH)
    return user_window_vectors(dataset, windows, interests, VECTORS, states)


def test_one_row_per_user_and_window_with_events() -> None:
    rows = _windows()
    assert rows.user.tolist() == [0, 0, 1]
    assert [rows.window_ids[w] for w in rows.window] == ["2024-01", "2024-02", "2024-02"]
    assert rows.n_events.tolist() == [2, 1, 2]
    assert rows.latest().tolist() == [1, 2]


def test_recent_items_weigh_more_by_a_half_life_of_thirty_days() -> None:
    expected = np.array([0.5, 1]) / np.sqrt(1.25)
    np.testing.assert_allclose(_windows().vector, [expected, [0, 1], [1, 0]], rtol=1e-6)


def test_event_states_give_what_the_state_after_the_last_event_of_the_window_asks_for() -> None:
    asks_for_a, asks_for_b, anything = [50, 0], [0, 50], [9, 9]
    states = np.array([anything, asks_for_b, asks_for_a, anything, asks_for_a], np.float32)
    np.testing.assert_allclose(_windows(states).vector, [[0, 1], [1, 0], [1, 0]], atol=1e-6)


def test_the_main_interest_and_domain_are_the_heaviest_and_ties_go_to_the_lower_id() -> None:
    rows = _windows()
    assert rows.interest.tolist() == [[0, 0, 2], [3, 3, 5]]
    assert rows.domain.tolist() == [0, 0, 1]


def test_user_by_user_gives_what_all_at_once_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    states = np.arange(10, dtype=np.float32).reshape(5, 2)
    for given in (None, states):
        monkeypatch.setattr(profiles, "PIECE_EVENTS", 99)
        whole = _windows(given)
        monkeypatch.setattr(profiles, "PIECE_EVENTS", 1)
        parts = _windows(given)
        for name in ("user", "window", "vector", "n_events", "interest", "domain"):
            np.testing.assert_array_equal(getattr(parts, name), getattr(whole, name), name)
