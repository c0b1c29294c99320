"""External ids of users by row number, left on disk until one is asked for."""

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from typing import overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

FILE = "users.arrow"
Rows = NDArray[np.integer] | NDArray[np.bool_] | slice


class UserIds:
    """(U,) different ids, ascending by code points. Indexed as an array of str is; ``np.asarray`` makes one,
    which takes some 90 bytes an id.
    """

    def __init__(self, ids: pa.StringArray | pa.LargeStringArray) -> None:
        """``ids``: ascending, each once."""
        self._ids = ids

    @classmethod
    def of(cls, ids: NDArray[np.object_]) -> "UserIds":
        """Of ids in memory."""
        return cls(pa.array(ids, pa.large_string()))

    @classmethod
    def mapped(cls, file: Path) -> "UserIds":
        """Of an Arrow file of one column in one batch; its pages are read when they are looked at."""
        return cls(pa.ipc.open_file(pa.memory_map(str(file))).get_batch(0).column(0))

    def __len__(self) -> int:
        """U."""
        return len(self._ids)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: Rows) -> NDArray[np.object_]: ...
    def __getitem__(self, at: int | Rows) -> str | NDArray[np.object_]:
        """One id, or those at a slice, row numbers or where flags (U,) are true."""
        if isinstance(at, int | np.integer):
            return str(self._ids[int(at)].as_py())
        if isinstance(at, slice):
            return self._objects(self._ids[at])
        rows = np.flatnonzero(at) if at.dtype == np.bool_ else at
        return self._objects(self._ids.take(pa.array(rows, pa.int64())))

    def __iter__(self) -> Iterator[str]:
        """One by one."""
        return (str(one.as_py()) for one in self._ids)

    def __array__(self, dtype: object = None, copy: bool | None = None) -> NDArray[np.object_]:
        """All of them, in memory."""
        return self._objects(self._ids)

    def tolist(self) -> list[str]:
        """All of them, in memory."""
        return list(self)

    def row(self, user_id: str) -> int | None:
        """Row number of an id, None where it isn't there."""
        row = bisect_left(self, user_id)
        return row if row < len(self) and self[row] == user_id else None

    def _objects(self, ids: pa.Array) -> NDArray[np.object_]:
        return np.asarray(ids.to_numpy(zero_copy_only=False), dtype=object)
