import pyarrow as pa

from recsys_core.logs.cells import tidy


def tidied(cells: list[str | None], ids: bool = False) -> tuple[list[str | None], int]:
    made, n_padded = tidy(pa.array(cells, pa.string()), ids)
    return made.to_pylist(), n_padded


def test_space_goes_and_is_counted() -> None:
    assert tidied(["a", " b", "c\t", "\u00a0d\u3000", "e f"]) == (["a", "b", "c", "d", "e f"], 3)


def test_nothing_is_null() -> None:
    assert tidied(["", "  ", None, "x"]) == ([None, None, None, "x"], 1)


def test_an_id_that_says_there_is_none_is_null_and_text_is_not() -> None:
    assert tidied(["NaN", "null", "None", r"\N", "nano"], ids=True)[0] == [None, None, None, None, "nano"]
    assert tidied(["NaN", "null"])[0] == ["NaN", "null"]


def test_letters_beyond_ascii_stay() -> None:
    assert tidied(["é", "饺子", "日本 語"], ids=True) == (["é", "饺子", "日本 語"], 0)


def test_a_slice_of_a_column() -> None:
    made, n_padded = tidy(pa.array(["zz", " a ", "b", "zz"]).slice(1, 2), ids=True)
    assert (made.to_pylist(), n_padded) == (["a", "b"], 1)


def test_no_cells() -> None:
    assert tidied([]) == ([], 0)
    assert tidied([None]) == ([None], 0)
