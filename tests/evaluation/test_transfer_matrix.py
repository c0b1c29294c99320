import json

import pytest

from recsys_core.evaluation.transfer_matrix import Direction, TransferMatrix, judged, source_sets


def direction(source: str, target: str, ratio: float, p: float) -> Direction:
    return Direction(
        (source,), target, 500, 100, "none", ratio, ratio - 0.1, ratio + 0.1, p, against="popularity"
    )


def test_single_domains_then_more_then_all() -> None:
    assert source_sets(2, 0) == ((1,),)
    assert source_sets(3, 1) == ((0,), (2,), (0, 2))
    assert source_sets(4, 3) == ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2))
    assert source_sets(5, 0) == ((1,), (2,), (3,), (4,), (1, 2, 3, 4))
    assert source_sets(1, 0) == ()


def test_many_verdicts_are_corrected_for_their_number() -> None:
    few = Direction(("toys",), "food", 12)
    found = judged(
        [
            direction("food", "toys", 1.4, 0.001),
            direction("toys", "kitchen", 1.2, 0.04),  # alone it would be a gain
            few,
            direction("food", "kitchen", 0.7, 0.002),
            direction("kitchen", "food", 1.0, 1.0),
        ]
    )
    assert [one.transfer for one in found] == ["gain", "none", "too few", "harm", "none"]
    assert [one.q for one in found] == pytest.approx([0.004, 0.04 * 4 / 3, None, 0.004, 1.0])
    assert found[2] == few


def test_alone_what_is_below_five_percent_counts() -> None:
    assert judged([direction("food", "toys", 1.2, 0.04)])[0].transfer == "gain"
    assert judged([]) == ()


def test_comes_back_from_its_document() -> None:
    one, few = direction("food", "toys", 1.4, 0.001), Direction(("toys", "kitchen"), "food", 12)
    matrix = TransferMatrix(("food", "kitchen", "toys"), (0, 1), judged([one, few]), {"run": None})
    parts = matrix.parts()
    assert TransferMatrix.from_parts(parts) == matrix
    document = json.loads(json.dumps(matrix.to_json()))
    assert list(document) == [
        *("protocol", "domains", "seeds", "alpha", "correction", "directions", "made_from")
    ]
    assert list(document["directions"][0]) == [
        *("sources", "target", "n_shared", "n_test", "transfer", "ratio", "low", "high", "p", "q"),
        *("against", "split_hash"),
    ]
    assert [document["directions"][1][name] for name in ("transfer", "n_shared", "ratio")] == [
        "too few",
        12,
        None,
    ]


def test_single_sources_and_all_together_are_told_apart() -> None:
    pair = [direction("food", "toys", 1.4, 0.001), direction("toys", "food", 1.4, 0.001)]
    two = TransferMatrix(("food", "toys"), (0,), judged(pair))
    assert (len(two.from_one), two.from_all) == (2, ())
    together = Direction(("food", "kitchen"), "toys", 500)
    three = TransferMatrix(("food", "kitchen", "toys"), (0,), (*pair, together))
    assert (len(three.from_one), three.from_all) == (2, (together,))


def test_a_document_tells_no_number_of_people_under_ten() -> None:
    few = Direction(("toys",), "food", 9)
    matrix = TransferMatrix(("food", "toys"), (0,), (few,))
    assert matrix.to_json()["directions"][0]["n_shared"] is None
    assert TransferMatrix.from_parts(matrix.parts()).directions[0].n_shared == 9
