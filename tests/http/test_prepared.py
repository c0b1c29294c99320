import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recsys_core.access import Actor, Role, acting_as, actor
from recsys_core.errors import InputError
from recsys_core.http.prepared import MOST, Key, Prepared
from recsys_core.http.problems import Problem
from tests.http.running import run


def key(domain: str = "tea", version: int = 1) -> Key:
    return Key(Path("ws"), "shop", version, domain, None)


def get(prepared: Prepared, at: Key, make: Callable[[], Any]) -> Any:
    return run(prepared.get(at, make))


def test_many_who_ask_at_once_wait_for_one_fit() -> None:
    made: list[object] = []

    async def ask_often() -> list[Any]:
        prepared = Prepared()
        asked = (prepared.get(key(), lambda: made.append(1) or object()) for _ in range(20))
        return await asyncio.gather(*asked)

    answers = run(ask_often())
    assert len(made) == 1
    assert len(set(map(id, answers))) == 1


def test_who_has_waited_long_enough_is_told_to_come_again() -> None:
    go_on, prepared = threading.Event(), Prepared(patience=0.02)

    with pytest.raises(Problem) as caught:
        get(prepared, key(), lambda: go_on.wait(10) and "ready")
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "5"})
    assert len(prepared) == 0

    go_on.set()
    patient = get(prepared, key(), lambda: pytest.fail("It is being fitted already."))
    assert patient == "ready"


def test_a_failure_is_told_and_the_next_who_asks_tries_again() -> None:
    prepared = Prepared()

    def fail() -> Any:
        raise InputError("The model is gone.", "Fine-tune again.")

    with pytest.raises(InputError, match="The model is gone"):
        get(prepared, key(), fail)
    assert get(prepared, key(), lambda: "ready") == "ready"


def test_a_failure_by_running_out_of_time_is_not_taken_for_impatience() -> None:
    def fail() -> Any:
        raise TimeoutError("The disk did not answer.")

    with pytest.raises(TimeoutError, match="The disk did not answer"):
        get(Prepared(), key(), fail)


def test_those_asked_for_last_are_kept() -> None:
    prepared = Prepared()
    for number in range(MOST):
        get(prepared, key(str(number)), lambda: "ready")
    get(prepared, key("0"), lambda: pytest.fail("It is kept."))
    get(prepared, key("new"), lambda: "ready")

    assert [number for number in range(MOST) if key(str(number)) not in prepared] == [1]
    assert len(prepared) == MOST


def test_no_more_than_those_are_fitted_at_once() -> None:
    go_on, prepared = threading.Event(), Prepared(patience=0.01)
    for number in range(MOST):
        with pytest.raises(Problem, match="being prepared"):
            get(prepared, key(str(number)), lambda: go_on.wait(10))
    with pytest.raises(Problem, match=f"{MOST} recommenders are being prepared already"):
        get(prepared, key("more"), lambda: pytest.fail("There is no room."))
    go_on.set()


def test_those_whose_data_is_gone_are_let_go() -> None:
    prepared = Prepared()
    for version in (1, 2):
        get(prepared, key(version=version), lambda: "ready")
    prepared.drop(lambda one: one.version == 1)
    assert (key(version=1) in prepared, key(version=2) in prepared) == (False, True)


def test_fitting_is_done_in_the_name_of_whoever_asks() -> None:
    ada = Actor("ada@example.org", Role.VIEWER)
    with acting_as(ada):
        assert get(Prepared(), key(), actor) == ada
