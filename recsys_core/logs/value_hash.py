"""sha256 over the values of a table, however they are stored."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pyarrow.compute as pc

from recsys_core.logs.cells import letters_of


class ValueHash:
    """Fed batch by batch; independent of how rows are cut into batches, of compression and of dictionaries.

    Column by column, in the order of rows: the lengths and bytes of text (a null has length -1), the raw
    numbers of all else, times in microseconds.
    """

    def __init__(self) -> None:
        """Of no rows yet."""
        self._columns: dict[str, tuple[hashlib._Hash, hashlib._Hash]] = {}
        self._pool = ThreadPoolExecutor(2)  # hashing lets go of the interpreter

    def update(self, batch: pa.RecordBatch) -> None:
        """Add rows; every batch has the same columns."""
        names = batch.schema.names
        for name in names:
            self._columns.setdefault(name, (hashlib.sha256(), hashlib.sha256()))
        list(self._pool.map(lambda name: self._add(name, batch.column(name)), names))

    def hexdigest(self) -> str:
        """The hash of what was added."""
        self._pool.shutdown()
        digests = [f"{name}:{a.hexdigest()}:{b.hexdigest()}" for name, (a, b) in self._columns.items()]
        return hashlib.sha256("\n".join(digests).encode()).hexdigest()

    def _add(self, name: str, column: pa.Array) -> None:
        lengths, values = self._columns[name]
        if _is_text(column.type):
            text = column if pa.types.is_string(column.type) else column.cast(pa.string())
            lengths.update(pc.fill_null(pc.binary_length(text), -1).to_numpy(zero_copy_only=False))
            values.update(letters_of(text))
        else:
            values.update(_numbers(column))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _numbers(column: pa.Array) -> bytes:
    """The raw numbers of a column without nulls."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz)).cast(pa.int64())
    return bytes(column.to_numpy(zero_copy_only=False).tobytes())
