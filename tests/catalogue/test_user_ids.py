"""Ids of users by row number, from memory and from a file."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from recsys_core.catalogue.user_ids import UserIds

IDS = np.array(["007", "7", "Ünal", "ann", "鈴木"], object)
IDS.sort()


def test_indexed_as_an_array_is() -> None:
    ids = UserIds.of(IDS)
    assert (len(ids), ids[1], ids[np.int64(-1)]) == (5, "7", "鈴木")
    assert ids[np.array([3, 0])].tolist() == [IDS[3], "007"]
    assert ids[np.array([True, False, False, False, True])].tolist() == ["007", "鈴木"]
    assert ids[1:3].tolist() == IDS[1:3].tolist()
    assert ids.tolist() == list(ids) == np.asarray(ids).tolist() == IDS.tolist()
    assert ids[np.empty(0, np.int64)].tolist() == []


def test_each_id_is_found_and_no_other() -> None:
    ids = UserIds.of(IDS)
    assert [ids.row(one) for one in IDS] == [0, 1, 2, 3, 4]
    assert [ids.row(one) for one in ("", "7 ", "zoe", "龍")] == [None] * 4
    assert UserIds.of(np.empty(0, object)).row("ann") is None


def test_mapped_from_a_file(tmp_path: Path) -> None:
    table = pa.table({"user_id": pa.array(IDS, pa.large_string())})
    with pa.ipc.new_file(tmp_path / "users.arrow", table.schema) as writer:
        writer.write_table(table)
    ids = UserIds.mapped(tmp_path / "users.arrow")
    assert ids.tolist() == IDS.tolist()
    assert ids.row("ann") == IDS.tolist().index("ann")
