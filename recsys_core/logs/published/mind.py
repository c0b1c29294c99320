"""MIND, news clicks: ``behaviors.tsv`` and ``news.tsv`` without headers (Wu et al. 2020)."""

from recsys_core.logs.heads import Head
from recsys_core.logs.published.published import Published
from recsys_core.logs.published.telling import mostly
from recsys_core.logs.reading import DateOrder, FileKind, LogFormat

TIME_FORMAT = "%m/%d/%Y %I:%M:%S %p"
_SHOWN = r"\S+( \S+)*"
_CLICKED = r"\S+-[01]( \S+-[01])*"
_TIME = r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d\d:\d\d [AP]M"
_NEWS = r"N\d+"
_ENTITIES = r"\[.*\]|"
# Of each user the row of the first impression with a history, found without carrying the histories along.
_FIRST_ROWS = f"""
    SELECT arg_min(source_row, seen) AS source_row, min(seen) AS first_seen
    FROM (SELECT source_row, user_id, try_strptime(time, '{TIME_FORMAT}') AS seen FROM {{source}}
        WHERE trim(history) != '' AND user_id != '')
    WHERE seen IS NOT NULL GROUP BY user_id"""
# A row without impressions is a damaged one: as '-1' it becomes a click without news, which is set aside.
_CLICKS = f"""
    SELECT source_row, user_id, regexp_replace(shown, '-1$', '') AS news_id, time, 'click' AS event
    FROM (SELECT source_row, user_id, time,
        unnest(string_split(coalesce(nullif(trim(impressions), ''), '-1'), ' ')) AS shown FROM {{source}})
    WHERE shown LIKE '%-1'
    UNION ALL
    SELECT source_row, user_id, news_id,
        strftime(first_seen - to_seconds(n_before + 1 - place), '{TIME_FORMAT}'), 'history'
    FROM (SELECT source_row, user_id, first_seen, length(before) AS n_before,
        unnest(before) AS news_id, generate_subscripts(before, 1) AS place
        FROM (SELECT source_row, user_id, first_seen, string_split(trim(history), ' ') AS before
            FROM {{source}} JOIN ({_FIRST_ROWS}) USING (source_row)))"""

BEHAVIORS = Published(
    name="MIND behaviors",
    format=LogFormat.MIND,
    kind=FileKind.INTERACTIONS,
    columns=("impression_id", "user_id", "time", "history", "impressions"),
    roles={"user": "user_id", "item": "news_id", "time": "time", "event": "event"},
    view=_CLICKS,
    dates=DateOrder.MONTH_FIRST,
    note="Clicked impressions are events. The history of a user names no times: its clicks are put, in "
    "their order, into the seconds before the user's first impression, as the event 'history'.",
)
UNLABELLED = Published(
    name="MIND behaviors without clicks",
    format=LogFormat.MIND,
    kind=FileKind.OTHER,
    columns=BEHAVIORS.columns,
    note="The behaviors of MIND's test set are left out: they do not tell which impressions were clicked.",
)
NEWS = Published(
    name="MIND news",
    format=LogFormat.MIND,
    kind=FileKind.ITEMS,
    columns=(
        "news_id",
        "category",
        "subcategory",
        "title",
        "abstract",
        "url",
        "title_entities",
        "abstract_entities",
    ),
    roles={"item": "news_id", "title": "title", "text": "abstract", "category": "category"},
)


def recognise(name: str, head: Head) -> Published | None:
    """MIND's two files, by their number of columns and what stands in them."""
    del name
    if head.kind != "tsv" or head.has_header:
        return None
    cells = head.sample
    if cells.shape[1] == len(BEHAVIORS.columns) and mostly(cells.iloc[:, 2], _TIME):
        if mostly(cells.iloc[:, 4], _CLICKED):
            return BEHAVIORS
        return UNLABELLED if mostly(cells.iloc[:, 4], _SHOWN) else None
    told = cells.shape[1] == len(NEWS.columns) and mostly(cells.iloc[:, 0], _NEWS)
    return NEWS if told and mostly(cells.iloc[:, 6], _ENTITIES) else None
