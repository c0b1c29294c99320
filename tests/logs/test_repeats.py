import numpy as np

from recsys_core.logs.repeats import SeenRows


def test_rows_are_new_once_whatever_batch_they_come_in() -> None:
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 2**64, 40_000, dtype=np.uint64)
    stream = rng.choice(hashes, 200_000)
    seen, told = SeenRows(), []
    for batch in np.array_split(stream, 97):  # so that runs are merged more than once
        told.append(seen.new(batch))
    expected = np.zeros(len(stream), dtype=np.bool_)
    expected[np.unique(stream, return_index=True)[1]] = True
    np.testing.assert_array_equal(np.concatenate(told), expected)


def test_rows_that_share_a_slot_and_a_mark_are_told_apart() -> None:
    seen = SeenRows()
    one, other = np.uint64(0x0000_0001), np.uint64(0x0100_0001)  # same first 27 and last 8 bits
    assert seen.new(np.array([one])).tolist() == [True]
    assert seen.new(np.array([other, one])).tolist() == [True, False]
    assert seen.new(np.array([one, other])).tolist() == [False, False]


def test_two_new_rows_of_a_batch_that_share_a_slot_are_both_remembered() -> None:
    seen = SeenRows()
    pair = np.array([0x0000_0011, 0x0000_0023], dtype=np.uint64)
    assert seen.new(pair).all()
    assert not seen.new(pair[:1]).any()
    assert not seen.new(pair[1:]).any()


def test_no_rows() -> None:
    assert len(SeenRows().new(np.empty(0, np.uint64))) == 0
