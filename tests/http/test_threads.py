import asyncio
import threading

import pytest

from recsys_core.access import Actor, Role, acting_as, actor
from recsys_core.http.problems import Problem
from recsys_core.http.threads import MOST, MOST_WAITING, Threads
from tests.http.running import run


def test_the_answer_comes_from_a_thread_in_the_same_name() -> None:
    ada = Actor("ada@example.org", Role.VIEWER)
    with acting_as(ada):
        asked, thread = run(Threads().run(lambda: (actor(), threading.current_thread())))
    assert asked == ada
    assert thread is not threading.current_thread()


def test_who_finds_too_many_waiting_is_told_to_come_again() -> None:
    async def crowd() -> Problem:
        threads, go_on = Threads(), threading.Event()
        waiting = [asyncio.create_task(threads.run(go_on.wait, 10)) for _ in range(MOST + MOST_WAITING)]
        await asyncio.sleep(0.05)
        with pytest.raises(Problem) as caught:
            await threads.run(go_on.wait)
        go_on.set()
        assert await asyncio.gather(*waiting) == [True] * len(waiting)
        return caught.value

    refused = run(crowd())
    assert (refused.status, refused.headers) == (503, {"Retry-After": "1"})
