import pyarrow as pa

from recsys_core.logs.value_hash import ValueHash


def hashed(*tables: pa.Table) -> str:
    values = ValueHash()
    for table in tables:
        for batch in table.to_batches():
            values.update(batch)
    return values.hexdigest()


def table(names: list[str | None], numbers: list[float]) -> pa.Table:
    return pa.table({"name": pa.array(names, pa.string()), "number": pa.array(numbers, pa.float32())})


WHOLE = table(["a", "bc", None, "é"], [1, 2, 3, 4])


def test_the_cut_into_batches_does_not_matter() -> None:
    assert hashed(WHOLE) == hashed(WHOLE.slice(0, 1), WHOLE.slice(1))


def test_dictionaries_do_not_matter() -> None:
    coded = WHOLE.set_column(0, "name", WHOLE["name"].dictionary_encode())
    assert hashed(coded) == hashed(WHOLE)


def test_every_value_matters() -> None:
    others = [
        table(["ab", "c", None, "é"], [1, 2, 3, 4]),
        table(["a", "bc", "", "é"], [1, 2, 3, 4]),
        table(["a", "bc", None, "é"], [1, 2, 3, 5]),
        table(["bc", "a", None, "é"], [1, 2, 3, 4]),
        WHOLE.rename_columns(["title", "number"]),
    ]
    assert len({hashed(WHOLE), *map(hashed, others)}) == 6
