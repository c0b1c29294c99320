import numpy as np
import pytest

from recsys_core.recommend.examples import examples
from tests.recommend.shop import rows_of, training

WARES = ("cup 1", "cup 2", "mug 1")
ONE_SHOP = [(f"u{n:02}", "kitchen", WARES[day % 3], day) for n in range(30) for day in range(2 + n % 5)]


@pytest.mark.parametrize("rows", [rows_of(), ONE_SHOP], ids=["known elsewhere", "known by the target alone"])
@pytest.mark.parametrize("events", [1, 10])
def test_by_pieces_of_the_log_as_at_once(
    rows: list[tuple[str, str, str, int]], events: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = examples(training(rows), 20, np.random.default_rng(0))
    for module in ("catalogue.dataset", "catalogue.users", "recommend.taken"):
        monkeypatch.setattr(f"recsys_core.{module}.PIECE_EVENTS", events)
    found = examples(training(rows), 20, np.random.default_rng(0))
    assert len(whole) == 20
    for name in ("text", "users", "before"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name), err_msg=name)
    for name in ("held", "taken"):
        assert getattr(whole, name).nnz
        assert (getattr(found, name) != getattr(whole, name)).nnz == 0
