import json
import logging
from http import HTTPStatus

import pytest
from sqlalchemy.exc import OperationalError

from recsys_core.errors import AccessError, InputError, NotEnoughDataError, NotFoundError, ResourceError
from recsys_core.http.problems import Problem, problem_of


@pytest.mark.parametrize(
    ("kind", "status"),
    [(NotFoundError, 404), (AccessError, 403), (InputError, 422), (NotEnoughDataError, 422)],
)
def test_a_sentence_keeps_its_remedy(kind: type[InputError], status: int) -> None:
    found = problem_of(kind("The text is empty.", "Type something."))
    assert (found.status, found.detail, found.remedy) == (status, "The text is empty.", "Type something.")


def test_what_the_machine_lacks_may_be_there_later() -> None:
    found = problem_of(ResourceError("The disk is full."))
    assert (found.status, found.detail, found.headers) == (503, "The disk is full.", {"Retry-After": "60"})


def test_a_failure_that_nobody_foresaw_is_logged_and_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        found = problem_of(ZeroDivisionError("secret detail"))
    assert found.status == 500
    assert "secret" not in found.response().body.decode()
    assert "secret detail" in caplog.text


def test_a_database_that_does_not_answer_is_no_failure_of_ours(caplog: pytest.LogCaptureFixture) -> None:
    found = problem_of(OperationalError("SELECT 1", {}, Exception("host db.example.org")))
    assert (found.status, found.detail) == (503, "The catalogue's database does not answer.")
    assert "db.example.org" in caplog.text


def test_the_document_is_that_of_the_rfc() -> None:
    answer = Problem(HTTPStatus.NOT_FOUND, "No user 'x'.", "Check the id.", {"X-More": "1"}).response()
    assert (answer.status_code, answer.media_type) == (404, "application/problem+json")
    assert answer.headers["x-more"] == "1"
    assert json.loads(answer.body) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "No user 'x'.",
        "remedy": "Check the id.",
    }
