"""Import of a generated log against a bare copy from CSV to Parquet: time, memory, preview."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

ROWS = 10_000_000
WANTED_RATIO, WANTED_GROWTH, WANTED_MB, WANTED_PREVIEW = 0.5, 1.3, 1500, 3.0
ROUNDS = 3

BARE = """
import duckdb
duckdb.sql(f"COPY (SELECT * FROM '{csv}') TO '{csv}.parquet' (FORMAT parquet)")
told = {}
"""
IMPORT = """
from pathlib import Path
from recsys_core.workspace.imports import import_logs
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace
ws = Workspace.open(Path(csv).parent / f"ws-{time.time_ns()}")
began = time.perf_counter()
report = import_logs(ws, ImportRequest.of("big", (Path(csv),), "shop"))
told = {"read": report.n_read, "kept": report.n_kept, "bad": report.n_bad, "repeats": report.n_repeats}
"""
PREVIEW = """
from pathlib import Path
from recsys_core.workspace.imports import preview_import
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace
ws = Workspace.open(Path(csv).parent / f"ws-{time.time_ns()}")
began = time.perf_counter()
preview = preview_import(ws, ImportRequest.of("big", (Path(csv),), "shop"), row_limit=200_000)
told = {"read": preview.n_read, "sampled": preview.sampled}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of 10 million rows (about 480 MB), 800,000 users and 200,000 items, its first million, and the
    same with 1 row in 1,000 bad and 1 in 1,000 a repeat.
    """
    folder = tmp_path_factory.mktemp("big")
    generate(folder / "big.csv", "i", "false")
    generate(folder / "dirty.csv", "CASE WHEN i % 1000 = 999 THEN i - 500 ELSE i END", "n % 1000 = 7")
    with (folder / "big.csv").open("rb") as big, (folder / "small.csv").open("wb") as small:
        for _ in range(ROWS // 10 + 1):
            small.write(big.readline())
    return folder


def generate(csv: Path, number: str, bad: str) -> None:
    rows = f"""SELECT printf('user-%08d', hash(n) % 800000) AS user_id,
        printf('B%09d', hash(n * 7 + 1) % 200000) AS item_id,
        CASE WHEN {bad} THEN 'soon' ELSE (1600000000 + hash(n * 13 + 5) % 100000000)::VARCHAR END
            AS timestamp, 1 + hash(n * 17) % 5 AS rating,
        CASE WHEN hash(n * 3) % 4 = 0 THEN 'purchase' ELSE 'view' END AS event
        FROM (SELECT {number} AS n FROM range({ROWS}) AS t(i))"""
    duckdb.sql(f"COPY ({rows}) TO '{csv}' (HEADER)")


@pytest.mark.parametrize(("name", "bad"), [("big", 0), ("dirty", ROWS // 1000)])
def test_import_against_a_bare_copy(folder: Path, name: str, bad: int) -> None:
    csv = folder / f"{name}.csv"
    rounds = [(measured(BARE, csv), measured(IMPORT, csv)) for _ in range(ROUNDS)]
    for bare, ours in rounds:
        print(
            f"\n{name}, {ROWS:,} rows: bare copy {bare['seconds']:.2f} s ({bare['cpu']:.1f} s of CPU), "
            f"import {ours['seconds']:.2f} s ({ours['cpu']:.1f} s), "
            f"ratio {bare['seconds'] / ours['seconds']:.2f} (wanted {WANTED_RATIO})"
        )
    assert rounds[0][1]["read"] == ROWS
    assert rounds[0][1]["bad"] == bad


def test_memory_stays_flat(folder: Path) -> None:
    small, big = measured(IMPORT, folder / "small.csv"), measured(IMPORT, folder / "big.csv")
    growth = big["peak_mb"] / small["peak_mb"]
    print(
        f"\nPeak memory: 1 million rows {small['peak_mb']:.0f} MB, 10 million {big['peak_mb']:.0f} MB "
        f"(wanted under {WANTED_MB}), growth {growth:.2f} (wanted at most {WANTED_GROWTH})"
    )
    assert big["peak_mb"] < WANTED_MB


def test_preview_of_a_large_file(folder: Path) -> None:
    seen = measured(PREVIEW, folder / "big.csv")
    print(f"\nDetect and preview: {seen['seconds']:.2f} s (wanted under {WANTED_PREVIEW})")
    assert seen["sampled"]


def measured(code: str, csv: Path) -> dict[str, Any]:
    """What ``code`` told, with its wall and CPU seconds and the peak memory of its own process, in MB."""
    script = f"""import json, resource, time
csv = {str(csv)!r}
began = time.perf_counter()
{code}
seconds = time.perf_counter() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{**told, "seconds": seconds, "cpu": time.process_time(), "peak_mb": peak}}))"""
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
