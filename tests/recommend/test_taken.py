import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from recsys_core.catalogue.dataset import Dataset
from recsys_core.recommend import taken as taken_module
from recsys_core.recommend.taken import taken_by, users_with
from tests.recommend.shop import training

SHOP = training().dataset


def at_once(dataset: Dataset, items: np.ndarray, counting: np.ndarray) -> csr_array:
    """As scipy lays it out from all events."""
    some = counting & np.isin(dataset.item, items)
    at = dataset.user[some], np.searchsorted(items, dataset.item[some])
    pairs = csr_array((np.ones(len(at[0]), np.float32), at), shape=(dataset.n_users, len(items)))
    pairs.sum_duplicates()
    pairs.data[:] = 1
    return pairs


@settings(max_examples=50, deadline=None)
@given(events=st.integers(1, SHOP.n_events + 1), seed=st.integers(0, 99))
def test_a_few_events_at_a_time_give_what_all_at_once_give(events: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    items = np.flatnonzero(rng.random(SHOP.n_items) < rng.random())
    counting = rng.random(SHOP.n_events) < rng.random()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taken_module, "PIECE_EVENTS", events)
        found, whole = taken_by(SHOP, items, counting), at_once(SHOP, items, counting)
        owners = users_with(SHOP, counting)
    for name in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name), err_msg=name)
    assert found.shape == whole.shape
    assert np.flatnonzero(owners).tolist() == np.unique(SHOP.user[counting]).tolist()


def test_nobody_took_anything() -> None:
    nothing = SHOP.select_events(np.zeros(SHOP.n_events, np.bool_))
    assert taken_by(nothing, np.arange(SHOP.n_items)).shape == (SHOP.n_users, SHOP.n_items)
    assert taken_by(nothing, np.zeros(0, np.int64)).nnz == 0
