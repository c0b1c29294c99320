"""Google Analytics 4, its export to BigQuery as JSON lines or Parquet: a row is an event with its items."""

from recsys_core.logs.heads import Head
from recsys_core.logs.published.published import Published
from recsys_core.logs.published.telling import NESTED, has, lacking
from recsys_core.logs.reading import FileKind, LogFormat

_DEVICE, _ACCOUNT = "user_pseudo_id", "user_id"
_NO_VALUE = "(not set)"
# One event per item. A line that is no event at all keeps a row, without values, so that it is set aside.
_VIEW = f"""
    SELECT source_row, user_id, item_id, event_timestamp, event_name,
        CASE item_name WHEN '{_NO_VALUE}' THEN '' ELSE item_name END AS item_name,
        CASE item_category WHEN '{_NO_VALUE}' THEN '' ELSE item_category END AS item_category
    FROM (SELECT source_row, user_id, event_timestamp, event_name, item->>'$.item_id' AS item_id,
        item->>'$.item_name' AS item_name, item->>'$.item_category' AS item_category
        FROM (SELECT source_row, %s AS user_id, event_timestamp, event_name, unnest(CASE
            WHEN coalesce(event_name, '') = '' AND coalesce(event_timestamp, '') = '' THEN [NULL]
            WHEN coalesce(items, '') IN ('', '[]', 'null') THEN []
            ELSE coalesce(TRY_CAST(TRY_CAST(items AS JSON) AS JSON[]), [NULL]) END) AS item FROM {{source}}))
    WHERE item_id IS DISTINCT FROM '{_NO_VALUE}'"""
_NOTE = (
    "Each item of an event is one event; events without items and items whose id is '(not set)' make none. "
    "The user is %s."
)
_BY_DEVICE = "user_pseudo_id, one per browser or app, since user_id is known only of people who signed in"
_BY_ACCOUNT = "user_id, which every one of the first events has"


def recognise(name: str, head: Head) -> Published | None:
    """An export of GA4, by its columns."""
    del name
    if head.kind not in NESTED or not has(head, ("event_timestamp", "event_name", _DEVICE)):
        return None
    if head.kind == "parquet" and "items" not in head.sample:
        return None
    everywhere = _ACCOUNT in head.sample and bool((head.sample[_ACCOUNT].str.strip() != "").all())
    return Published(
        name="Google Analytics 4 export",
        format=LogFormat.GA4,
        kind=FileKind.INTERACTIONS,
        needed=lacking(head, ("items",)),
        roles={
            "user": "user_id",
            "item": "item_id",
            "time": "event_timestamp",
            "event": "event_name",
            "title": "item_name",
            "category": "item_category",
        },
        view=_VIEW % (_ACCOUNT if everywhere else _DEVICE),
        note=_NOTE % (_BY_ACCOUNT if everywhere else _BY_DEVICE),
    )
