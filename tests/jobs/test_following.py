import os
import signal
import threading
from collections.abc import Iterator

import pytest

from recsys_core.errors import CancelledError, InputError
from recsys_core.jobs.following import follow
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.progress import Silent
from tests.jobs.waiting import until, until_at


class Heard(Silent):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.said: list[object] = []

    def stage(self, name: str) -> None:
        self.said.append(name)

    def metric(self, name: str, step: int, value: float) -> None:
        self.said.append((name, step, value))

    def advance(self, done: float, total: float, message: str = "") -> None:
        self.said.append(done / total)


def test_whoever_follows_a_job_hears_what_it_says_and_gets_its_result(ws) -> None:
    heard = Heard()
    result = follow(ws, submit_local(ws, "count", {"file": "a", "to": 3}).id, heard)
    assert result["counted"] == 3
    assert {("number", number, float(number)) for number in (1, 2, 3)} <= set(heard.said)
    assert {"Counting", 1.0} <= set(heard.said)


def test_what_went_wrong_is_raised_in_its_own_words(ws) -> None:
    job = submit_local(ws, "count", {"file": "a", "to": 3, "at": 1, "then": "input"})
    with pytest.raises(InputError, match=r"The file is empty. Choose another one."):
        follow(ws, job.id, Silent())


@pytest.fixture
def heeds_interrupts() -> Iterator[None]:
    """As from a keyboard, also where whoever started the tests has interrupts ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.one_database
@pytest.mark.usefixtures("heeds_interrupts")
def test_an_interrupt_cancels_the_job(ws) -> None:
    job = submit_local(ws, "count", {"file": "a", "to": 600, "pause": 0.1})
    until_at(ws.root / "a", 1)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        follow(ws, job.id, Silent())
    until(Ledger(ws), job.id, Status.CANCELLED)
    with pytest.raises(CancelledError):
        follow(ws, job.id, Silent())
