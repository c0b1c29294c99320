"""Segment, calls of its tracking API as JSON lines: ``track`` events with products are events of items."""

from recsys_core.logs.heads import Head
from recsys_core.logs.published.published import Published
from recsys_core.logs.published.telling import has, lacking, mostly
from recsys_core.logs.reading import FileKind, LogFormat

_CALLS = "track|identify|page|screen|group|alias"
_TIMES = ("timestamp", "originalTimestamp", "sentAt", "receivedAt")
_USERS = ("userId", "anonymousId")
_IDS = ("product_id", "sku", "id")


def _first(cells: list[str]) -> str:
    """SQL of the first cell that is not empty."""
    return "coalesce(" + ", ".join(f"nullif({cell}, '')" for cell in cells) + ")"


_ID = _first([f"product->>'$.{key}'" for key in _IDS])
# One event per product. Kept as a row without an item, so that it is set aside: a line that is no call at
# all, and a call about a product that names none ("Product Viewed", not "Product List Viewed").
_VIEW = f"""
    SELECT source_row, user_id, {_ID} AS product_id, timestamp, event, product->>'$.name' AS name,
        product->>'$.category' AS category, product->>'$.image_url' AS image_url
    FROM (SELECT source_row, user_id, timestamp, event, unnest(CASE
        WHEN coalesce(type, '') = '' THEN [NULL]
        WHEN type != 'track' THEN []
        WHEN json_array_length(product, '$.products') > 0 THEN TRY_CAST(product->'$.products' AS JSON[])
        WHEN {_ID} IS NOT NULL THEN [product]
        WHEN event LIKE 'Product %' AND event NOT LIKE 'Product List %' THEN [product]
        ELSE [] END) AS product
        FROM (SELECT source_row, type, event, TRY_CAST(properties AS JSON) AS product,
            {_first([f'"{column}"' for column in _USERS])} AS user_id,
            {_first([f'"{column}"' for column in _TIMES])} AS timestamp FROM {{source}}))"""

_ROLES = {
    "user": "user_id",
    "item": "product_id",
    "time": "timestamp",
    "event": "event",
    "title": "name",
    "category": "category",
    "image": "image_url",
}


def recognise(name: str, head: Head) -> Published | None:
    """A log of Segment's calls, by the names of their fields and the kinds of calls."""
    del name
    if head.kind != "json" or not has(head, ("type",)):
        return None
    columns = head.sample.columns
    if not all(any(one in columns for one in some) for some in (_USERS, _TIMES, ("properties", "traits"))):
        return None
    if not mostly(head.sample["type"], _CALLS, 0.9):
        return None
    return Published(
        name="Segment events",
        format=LogFormat.SEGMENT,
        kind=FileKind.INTERACTIONS,
        needed=lacking(head, ("type", "event", "properties", *_USERS, *_TIMES)),
        roles=_ROLES,
        view=_VIEW,
        note="Each product of a track call is one event; other calls, and those about no product, make none. "
        "The user is userId, or anonymousId before someone signs in.",
    )
