"""The real server asked all it describes, and much that it does not. DRIFTMAP_FUZZ_EXAMPLES asks more."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from recsys_core.access import Role
from recsys_core.http.openapi import describe
from recsys_core.workspace.tokens import new_token
from recsys_core.workspace.workspace import Workspace
from tests.browser.server import Server

EXAMPLES = int(os.environ.get("DRIFTMAP_FUZZ_EXAMPLES", "12"))
KITCHEN = {"dataset": "shop", "domain": "kitchen"}
schema = schemathesis.openapi.from_dict(describe(sign_in=True))
bounded = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)


@dataclass(frozen=True)
class Door:
    """Where an app with sign-in answers, and the headers that let somebody in."""

    url: str
    headers: dict[str, str]

    def check(self, case: schemathesis.Case) -> None:
        """Ask, and hold the answer against what is described. OpenAPI can't say that exactly one of three
        parameters is given, so a query that it allows may be refused.
        """
        left_out = [positive_data_acceptance]
        case.call_and_validate(base_url=self.url, headers=self.headers, excluded_checks=left_out)


@pytest.fixture(scope="module")
def door(shop: Workspace) -> Iterator[Door]:
    """Of an app that is ready to recommend."""
    _, told = new_token(shop, "fuzzing", Role.VIEWER)
    app = Server(shop.root)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DRIFTMAP_SIGN_IN", "oidc")
        environment.setenv("DRIFTMAP_API_PER_MINUTE", "1000000")
        app.start()
    found = Door(app.url, {"Authorization": f"Bearer {told}"})
    try:
        _wait_until_prepared(found)
        yield found
    finally:
        app.kill()


def test_the_app_describes_itself(door: Door) -> None:
    told = requests.get(f"{door.url}/api/openapi.json", headers=door.headers, timeout=30)
    assert told.json() == describe(sign_in=True)


@schema.parametrize()
@bounded
def test_every_answer_is_as_described(case: schemathesis.Case, door: Door) -> None:
    door.check(case)


@schema.include(path="/api/recommendations").parametrize()
@bounded
def test_whatever_is_asked_of_a_dataset_that_is_there(case: schemathesis.Case, door: Door) -> None:
    others = {name: value for name, value in (case.query or {}).items() if name not in ("run", "version")}
    case.query = others | KITCHEN
    door.check(case)


def _wait_until_prepared(door: Door, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    asked = KITCHEN | {"text": "tea"}
    while True:
        answer = requests.get(f"{door.url}/api/recommendations", asked, headers=door.headers, timeout=30)
        if answer.status_code == 200:
            return
        assert (answer.status_code, time.monotonic() < end) == (503, True), answer.text
        time.sleep(0.2)
