import numpy as np

from recsys_core.migration.discoveries import false_discovery_rates


def test_q_by_hand():
    assert np.allclose(
        false_discovery_rates(np.array([0.04, 0.01, 0.03, 0.9])), [0.16 / 3, 0.04, 0.16 / 3, 0.9]
    )


def test_q_never_passes_one_and_no_tests_are_no_discoveries():
    assert false_discovery_rates(np.array([1.0, 1.0])).tolist() == [1, 1]
    assert false_discovery_rates(np.zeros(0)).tolist() == []
