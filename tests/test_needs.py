"""What work needs is told, and refused where it is not there."""

import pytest

from recsys_core.errors import ResourceError
from recsys_core.needs import Needs


def needs(memory: float, seconds: float) -> Needs:
    return Needs("Counting", "3 sheep", memory, seconds, "or count fewer")


@pytest.fixture(autouse=True)
def eight_gigabytes_free(monkeypatch: pytest.MonkeyPatch) -> None:
    class Memory:
        available = 8_000_000_000

    monkeypatch.setattr("recsys_core.needs.psutil.virtual_memory", Memory)


@pytest.mark.parametrize(
    ("memory", "seconds", "large"), [(1e9, 60, False), (5e9, 60, True), (1e9, 900, True), (9e9, 1, True)]
)
def test_long_work_and_that_of_much_memory_is_large(memory: float, seconds: float, large: bool) -> None:
    assert needs(memory, seconds).large is large


def test_the_sentence_tells_time_memory_and_remedy() -> None:
    assert needs(5.04e9, 40_000).sentence() == (
        "Counting takes up to 11 hours of one processor and 5.0 GB of memory for 3 sheep. "
        "If that is too much, use a larger machine, or count fewer."
    )
    assert "up to 75 minutes" in needs(1, 4500).sentence()
    assert "up to 1 minutes" not in needs(1, 1).sentence()


def test_what_does_not_fit_is_refused_with_the_remedy() -> None:
    needs(8e9, 1e9).check()
    with pytest.raises(ResourceError) as told:
        needs(8.1e9, 1).check()
    assert (
        str(told.value)
        == needs(8.1e9, 1).refusal()
        == (
            "Counting would take about 8.1 GB of memory for 3 sheep; 8.0 GB is free. "
            "Free some, use a larger machine, or count fewer."
        )
    )
