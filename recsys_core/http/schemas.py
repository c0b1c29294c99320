"""The documents that the HTTP API answers with, as JSON Schema 2020-12."""

from typing import Any, Final

Schema = dict[str, Any]
_TEXT: Final[Schema] = {"type": "string"}
_MAYBE: Final[Schema] = {"type": ["string", "null"]}
_NUMBER: Final[Schema] = {"type": "number"}
_SHARE: Final[Schema] = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 1}
_FLAG: Final[Schema] = {"type": "boolean"}


def _object(optional: tuple[str, ...] = (), **properties: Schema) -> Schema:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _list(of: str) -> Schema:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{of}"}}


def _one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


SCHEMAS: Final[Schema] = {
    "Health": _object(status=_one_of("ok"), version=_TEXT),
    "Check": _object(name=_TEXT, ok=_FLAG, detail=_TEXT, remedy=_TEXT),
    "Readiness": _object(("checks",), status=_one_of("ready", "not ready"), checks=_list("Check")),
    "Problem": _object(
        type=_one_of("about:blank"),
        title=_TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=_TEXT,
        remedy=_TEXT,
    ),
    "Who": {
        "oneOf": [
            _object(user=_TEXT),
            _object(items={"type": "array", "items": _TEXT, "minItems": 1}),
            _object(text=_TEXT),
        ]
    },
    "Transfer": _object(
        transfer=_one_of("gain", "none", "harm"), ratio=_NUMBER, low=_NUMBER, high=_NUMBER, against=_TEXT
    ),
    "Reason": _object(label=_TEXT, item_id=_MAYBE, share=_SHARE, amount=_NUMBER),
    "Recommended": _object(
        rank=_COUNT,
        item_id=_TEXT,
        title=_TEXT,
        score=_NUMBER,
        reasons=_list("Reason"),
        other_reasons=_NUMBER,
    ),
    "Recommendations": _object(
        who={"$ref": "#/components/schemas/Who"},
        dataset=_TEXT,
        version=_COUNT,
        data_hash=_TEXT,
        domain=_TEXT,
        run=_MAYBE,
        recommender=_one_of("blend", "recent-popularity"),
        transfer={"oneOf": [{"$ref": "#/components/schemas/Transfer"}, {"type": "null"}]},
        note=_TEXT,
        recommendations=_list("Recommended"),
    ),
}
