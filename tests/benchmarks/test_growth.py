"""How the cost of every step grows from a million events up.

DRIFTMAP_BENCH_GROWTH says how many million events, e.g. ``1,3,10`` (the default is ``1,3``; 100 take 25 GB of
disk and hours). What was measured goes beside the test's other files; copy ``growth.csv`` and
``growth.svg`` to ``tests/benchmarks/growth/`` to publish them.
"""

import os
from pathlib import Path

from tests.benchmarks.growth.figure import draw
from tests.benchmarks.growth.fitting import growth_of
from tests.benchmarks.growth.made_up import Size, write_items, write_log, write_vectors
from tests.benchmarks.growth.measured import measure
from tests.benchmarks.growth.results import by_step, read_results, told, write_results
from tests.benchmarks.growth.steps import STEPS

SIZES = [Size(int(float(text) * 1e6)) for text in os.environ.get("DRIFTMAP_BENCH_GROWTH", "1,3").split(",")]


def test_every_step_is_linear_or_better(tmp_path: Path) -> None:
    rows = []
    for size in SIZES:
        folder = tmp_path / str(size.events)
        folder.mkdir()
        write_log(size, folder / "log.csv")
        write_items(size, folder / "items.csv")
        write_vectors(size, folder / "vectors.npy")
        rows += [measure(step, size.events, folder) for step in STEPS]
        write_results(rows, tmp_path / "growth.csv")
    steps = by_step(read_results(tmp_path / "growth.csv"))
    (tmp_path / "growth.svg").write_text(draw(steps), encoding="utf-8")
    print(f"\nCPU seconds and memory by events; see {tmp_path}\n{told(steps)}")
    growths = {name: growth_of(found) for name, found in steps.items()}
    assert [name for name, growth in growths.items() if growth and growth.verdict == "worse"] == []
