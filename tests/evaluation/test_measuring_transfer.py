from collections import Counter

import numpy as np
import pytest

from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import NotEnoughDataError
from recsys_core.evaluation import transfer_matrix
from recsys_core.evaluation.measuring_transfer import measure_transfer
from recsys_core.evaluation.transfer_matrix import TransferMatrix
from recsys_core.progress import Silent
from tests.evaluation.test_kept import InMemory
from tests.recommend.shop import FOOD, KITCHEN, dataset, rows_of, vectors

TITLES = {
    "cars": ("car 1",),
    "films": ("film 1", "film 2", "film 3", "film 4"),
    "food": FOOD,
    "kitchen": KITCHEN,
}


def three(people: int = 200) -> Dataset:
    """Taste carries over from food to kitchen; films and their days are drawn; 12 people have a car."""
    rng = np.random.default_rng(4)
    films = [
        (f"u{n:02d}", "films", f"film {rng.integers(1, 5)}", int(rng.integers(10))) for n in range(people)
    ]
    cars = [(f"u{n:02d}", "cars", "car 1", 3) for n in range(12)]
    return dataset([*rows_of(people), *films, *cars], TITLES)


SHOP = three()


@pytest.fixture(scope="module")
def matrix() -> TransferMatrix:
    return measure_transfer(SHOP, vectors(SHOP), [SHOP.domain_index("kitchen")])


def test_what_was_planted_is_found_and_nothing_else(matrix: TransferMatrix) -> None:
    found = {one.sources: one for one in matrix.directions}
    assert {sources: one.transfer for sources, one in found.items()} == {
        ("cars",): "too few",
        ("films",): "none",
        ("food",): "gain",
        ("cars", "films"): "none",
        ("cars", "food"): "gain",
        ("films", "food"): "gain",
        ("cars", "films", "food"): "gain",
    }
    gain = found["food",]
    assert gain.low is not None
    assert 1 < gain.low < gain.ratio < gain.high
    assert (gain.n_shared, gain.n_test) == (200, 40)
    assert gain.q == pytest.approx(gain.p * 6 / 4)


def test_too_few_people_is_a_cell_with_their_number(matrix: TransferMatrix) -> None:
    few = matrix.directions[0]
    assert (few.n_shared, few.n_test, few.ratio, few.p, few.against) == (12, 0, None, None, "")
    assert not few.measured


def test_one_domain_alone_is_told() -> None:
    food = [row for row in rows_of(40) if row[1] == "food"]
    alone = dataset(food, {"food": FOOD})
    with pytest.raises(NotEnoughDataError, match="one domain only"):
        measure_transfer(alone, vectors(alone))


def test_an_interrupted_measurement_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, calls = InMemory(), Counter[str]()
    whole = measure_transfer(SHOP, vectors(SHOP), [3], kept=kept)
    fitted = len(kept.parts)
    real = kept.save
    monkeypatch.setattr(kept, "save", lambda *given: (calls.update(["save"]), real(*given)))
    assert measure_transfer(SHOP, vectors(SHOP), [3], kept=kept) == whole
    assert (fitted, calls["save"]) == (6 * 3, 0)


def test_the_whole_moves_by_a_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    class Told(Silent):
        ends: tuple[float, ...] = ()

        def advance(self, done: float, total: float, message: str = "") -> None:
            self.ends = (*self.ends, done / total)
            assert message.endswith(("→ food", "fitting popularity")) or "→ food, " in message

    monkeypatch.setattr(transfer_matrix, "MOST_FOR_SUBSETS", 1)
    told = Told()
    measure_transfer(SHOP, vectors(SHOP), [2], progress=told)
    assert list(told.ends) == sorted(told.ends)
    assert told.ends[-1] < 1
