"""What a map costs: drawing it with nothing compiled before, and placing a million people on it."""

import multiprocessing
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recsys_core.pipeline import find_interests, load_map
from recsys_core.workspace.workspace import Workspace
from tests.benchmarks.shop import shop, table

PEOPLE = 1_000_000
DIM = 384
BLOCK = 100_000


def test_a_map_is_drawn_and_a_million_are_placed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, _ = shop(tmp_path, "food", "kitchen")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "numba"))  # so that all is compiled anew
    drawn, drawing_peak = _in_a_new_process(_draw, tmp_path)
    placed, placing_peak = _in_a_new_process(_place, tmp_path)
    rows = [
        ("interests and map, vectors cached", f"{drawn:.0f} s", "90 s", f"{drawing_peak:.1f} GiB", ""),
        (f"{PEOPLE:,} people placed", f"{placed:.0f} s", "300 s", f"{placing_peak:.1f} GiB", "6 GB"),
    ]
    print(f"\n{len(dataset.items):,} items, {dataset.n_users:,} users")
    print(table(("step", "time", "wanted", "peak", "wanted"), rows))


def _in_a_new_process(work: Callable[[Path], tuple[float, float]], folder: Path) -> tuple[float, float]:
    """Seconds and the peak of memory in GiB, imports counted."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (folder,))


def _draw(folder: Path) -> tuple[float, float]:
    began = time.perf_counter()
    find_interests(Workspace.open(folder), "shop")
    return time.perf_counter() - began, _peak()


def _place(folder: Path) -> tuple[float, float]:
    ws = Workspace.open(folder)
    atlas = load_map(ws, "shop", ws.dataset("shop").version, None)
    assert atlas is not None
    rng, positions = np.random.default_rng(0), np.empty((PEOPLE, 2), np.float32)
    vectors = rng.standard_normal((PEOPLE, DIM), dtype=np.float32)
    began = time.perf_counter()
    for start in range(0, PEOPLE, BLOCK):
        block = slice(start, start + BLOCK)
        positions[block] = atlas.reference.place(atlas.reference.space.user_points(vectors[block]))
    assert np.isfinite(positions).all()
    return time.perf_counter() - began, _peak()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
