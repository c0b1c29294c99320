"""What went wrong, as a problem document (RFC 9457): a sentence and a remedy, never a traceback."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse

from recsys_core.errors import AccessError, InputError, NotFoundError, ResourceError

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER: Final = "Retry-After"


class Problem(Exception):  # noqa: N818 - the RFC's word
    """A refusal with its status. ``detail``: what happened; ``remedy``: what to do, "" for nothing."""

    def __init__(
        self, status: HTTPStatus, detail: str, remedy: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        """``headers``: what the answer carries beside the document."""
        super().__init__(detail)
        self.status, self.detail, self.remedy = status, detail, remedy
        self.headers = dict(headers or {})

    @classmethod
    def busy(cls, detail: str, seconds: int) -> "Problem":
        """Not now: ask again after so many ``seconds``."""
        remedy = f"Ask again in {seconds} seconds."
        return cls(HTTPStatus.SERVICE_UNAVAILABLE, detail, remedy, {RETRY_AFTER: str(seconds)})

    def response(self) -> JSONResponse:
        """The document, with its status and headers."""
        document = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "detail": self.detail,
            "remedy": self.remedy,
        }
        return JSONResponse(document, self.status, self.headers, MEDIA_TYPE)


def problem_of(error: Exception) -> Problem:
    """Any failure as a problem. What nobody foresaw goes to the server's log, not to the caller."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, InputError):
        return Problem(_status(error), error.problem, error.remedy)
    if isinstance(error, ResourceError):
        return Problem.busy(str(error), 60)
    logging.getLogger(__name__).error("A request failed.", exc_info=error)
    if isinstance(error, SQLAlchemyError):
        return Problem.busy("The catalogue's database does not answer.", 10)
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "Driftmap failed in a way it should not.",
        "The server's log says where.",
    )


def _status(error: InputError) -> HTTPStatus:
    if isinstance(error, NotFoundError):
        return HTTPStatus.NOT_FOUND
    return HTTPStatus.FORBIDDEN if isinstance(error, AccessError) else HTTPStatus.UNPROCESSABLE_ENTITY
