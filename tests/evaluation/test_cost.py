import time

import numpy as np
import psutil

from recsys_core.evaluation.cost import Cost


def test_time_and_memory_of_a_step() -> None:
    before = psutil.Process().memory_info().rss / 1e6
    with Cost() as cost:
        held = np.ones(30_000_000, np.float32)  # 120 MB
        time.sleep(0.1)
        del held
    assert 0.1 <= cost.seconds < 5
    assert cost.peak_rss_mb > before + 100
