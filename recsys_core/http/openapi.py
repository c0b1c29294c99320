"""``GET /api/openapi.json``: the HTTP API described in OpenAPI 3.1, as it is answered."""

from typing import Any, Final

from recsys_core import __version__
from recsys_core.http.problems import MEDIA_TYPE, RETRY_AFTER
from recsys_core.http.query import MOST_ITEMS, MOST_K, MOST_VERSION
from recsys_core.http.schemas import SCHEMAS
from recsys_core.recommend.cold_start import MOST_CHARACTERS

Document = dict[str, Any]
_FILLED: Final = r"[^\s\x00]"
_REFUSALS: Final = {
    "400": "The query cannot be understood.",
    "401": "No valid token came with the request.",
    "403": "Whoever asks may not do this.",
    "404": "There is no such dataset, version, domain, run, user or item.",
    "422": "What was asked for cannot be done, such as a run that is not finished.",
    "429": "Too many requests within a minute.",
    "500": "Driftmap failed in a way it should not.",
    "503": "Not now: the recommender is being prepared, too many ask, or something is missing.",
}
_GUARDED: Final = ("401", "403", "429", "500", "503")


def describe(sign_in: bool) -> Document:
    """The document. A token is a part of it with ``sign_in``."""
    document: Document = {
        "openapi": "3.1.0",
        "info": {
            "title": "Driftmap",
            "version": __version__,
            "description": "Health, metrics and recommendations. Every problem is a document of RFC 9457.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {path: {"get": operation} for path, operation in _operations(sign_in).items()},
        "components": {"schemas": SCHEMAS},
    }
    if sign_in:
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    return document


def _operations(sign_in: bool) -> dict[str, Document]:
    secured: Document = {"security": [{"token": []}]} if sign_in else {}
    ready = {"200": _json("Everything is there.", "Readiness"), "503": _json("Not ready.", "Readiness")}
    anything: Document = {"application/json": {"schema": {"type": "object"}}}
    text: Document = {"text/plain": {"schema": {"type": "string"}}}
    return {
        "/healthz": _operation("health", "The server is alive.", {"200": _json("It is.", "Health")}),
        "/readyz": _operation("readiness", "The server can do its work.", {**ready, **_refused("500")}),
        "/metrics": _guarded("metrics", "What Prometheus is told.", _answered("Figures.", text)) | secured,
        "/api/openapi.json": _guarded("description", "This.", _answered("This.", anything)) | secured,
        "/api/recommendations": {
            **_guarded(
                "recommendations",
                "Ranked items with reasons for one user, for somebody who picked items, or for a text.",
                {"200": _json("The list.", "Recommendations"), **_refused("400", "404", "422")},
            ),
            **secured,
            "parameters": _parameters(),
        },
    }


def _operation(name: str, summary: str, responses: Document) -> Document:
    return {"operationId": name, "summary": summary, "responses": responses}


def _guarded(name: str, summary: str, responses: Document) -> Document:
    return _operation(name, summary, {**responses, **_refused(*_GUARDED)})


def _answered(description: str, content: Document) -> Document:
    return {"200": {"description": description, "content": content}}


def _json(description: str, schema: str) -> Document:
    return {"description": description, "content": {"application/json": {"schema": _ref(schema)}}}


def _refused(*statuses: str) -> Document:
    return {status: _refusal(status) for status in statuses}


def _refusal(status: str) -> Document:
    answer: Document = {
        "description": _REFUSALS[status],
        "content": {MEDIA_TYPE: {"schema": _ref("Problem")}},
    }
    if status in ("429", "503"):
        seconds: Document = {"type": "integer", "minimum": 1}
        answer["headers"] = {RETRY_AFTER: {"description": "Seconds.", "required": True, "schema": seconds}}
    return answer


def _parameters() -> list[Document]:
    text: Document = {"type": "string", "pattern": _FILLED}
    whole: Document = {"type": "integer", "minimum": 1}
    return [
        _parameter("dataset", "Its name.", text, required=True),
        _parameter("domain", "The domain to recommend in.", text, required=True),
        _parameter("user", "A user's id as in the log. Exactly one of user, items and text.", text),
        _parameter("items", f"Ids of 1 to {MOST_ITEMS} items somebody picked, with commas between.", text),
        _parameter("text", "What somebody typed.", text | {"maxLength": MOST_CHARACTERS}),
        _parameter("k", "How many items at most.", whole | {"maximum": MOST_K, "default": 10}),
        _parameter("run", "A fine-tune run's id; by default the one in use.", text),
        _parameter("version", "The dataset's; by default the newest.", whole | {"maximum": MOST_VERSION}),
    ]


def _parameter(name: str, description: str, schema: Document, required: bool = False) -> Document:
    return {"name": name, "in": "query", "description": description, "required": required, "schema": schema}


def _ref(schema: str) -> Document:
    return {"$ref": f"#/components/schemas/{schema}"}
