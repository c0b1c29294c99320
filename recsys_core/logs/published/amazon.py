"""Amazon reviews and product metadata of 2014, 2018 and 2023 (McAuley Lab), and their tables of ratings.

An item is its ``parent_asin`` where there is one: colours and sizes of a product share it.
"""

from dataclasses import replace

from recsys_core.logs.heads import Head
from recsys_core.logs.published.published import Published
from recsys_core.logs.published.telling import NESTED, has, lacking, mostly
from recsys_core.logs.reading import FileKind, LogFormat

_USER = r"A[0-9A-Z]{9,20}|#oc-[0-9A-Z]+"
_ASIN = r"B[0-9A-Z]{9}|\d{9}[\dX]"
_STARS = r"[1-5](\.0)?"
_SECONDS = r"\d{9,10}"

_OLD_REVIEW = ("reviewerID", "asin", "overall", "unixReviewTime")
_OLD_ROLES = {"user": "reviewerID", "item": "asin", "weight": "overall", "time": "unixReviewTime"}
_OF_2018 = ("verified", "vote", "style")
_REVIEW_NOTE = "Title and text of a review tell of the review, not of the item, and are not read."
_RATING_ROLES = {"user": "user", "item": "item", "weight": "rating", "time": "timestamp"}
_NEW_RATING = ("user_id", "parent_asin", "rating", "timestamp")
_NEW_ROLES = {"user": "user_id", "item": "parent_asin", "weight": "rating", "time": "timestamp"}
_PARENT = """SELECT source_row, user_id, coalesce(nullif(parent_asin, ''), asin) AS parent_asin,
    rating, timestamp FROM {source}"""

REVIEWS_2014 = Published(
    name="Amazon reviews 2014",
    format=LogFormat.AMAZON,
    kind=FileKind.INTERACTIONS,
    roles=_OLD_ROLES,
    note=_REVIEW_NOTE,
)
REVIEWS_2018 = replace(REVIEWS_2014, name="Amazon reviews 2018")
REVIEWS_2023 = replace(REVIEWS_2014, name="Amazon reviews 2023", roles=_NEW_ROLES)
RATINGS_2014 = Published(
    name="Amazon ratings 2014",
    format=LogFormat.AMAZON,
    kind=FileKind.INTERACTIONS,
    columns=("user", "item", "rating", "timestamp"),
    roles=_RATING_ROLES,
)
RATINGS_2018 = replace(
    RATINGS_2014, name="Amazon ratings 2018", columns=("item", "user", "rating", "timestamp")
)
RATINGS_2023 = Published(
    name="Amazon ratings 2023", format=LogFormat.AMAZON, kind=FileKind.INTERACTIONS, roles=_NEW_ROLES
)
_HISTORY_NOTE = (
    "The column history repeats what the user rated before, without its times, and is not read: import the "
    "table of training too."
)

META_2014 = Published(
    name="Amazon metadata 2014",
    format=LogFormat.AMAZON,
    kind=FileKind.ITEMS,
    roles={
        "item": "asin",
        "title": "title",
        "text": "description",
        "category": "categories",
        "image": "imUrl",
    },
)
META_2018 = Published(
    name="Amazon metadata 2018",
    format=LogFormat.AMAZON,
    kind=FileKind.ITEMS,
    roles={
        "item": "asin",
        "title": "title",
        "text": "description,feature",
        "category": "category",
        "image": "image",
    },
)
META_2023 = Published(
    name="Amazon metadata 2023",
    format=LogFormat.AMAZON,
    kind=FileKind.ITEMS,
    roles={
        "item": "parent_asin",
        "title": "title",
        "text": "description,features",
        "category": "categories",
        "image": "image",
    },
)
_FIELDS_2014 = ("title", "description", "categories", "imUrl", "brand", "price")
_FIELDS_2018 = ("title", "description", "feature", "category", "brand", "price")
_IMAGES_2018 = ("imageURLHighRes", "imageURL", "image")
_FIELDS_2023 = ("title", "description", "features", "main_category", "store", "price", "categories", "images")
_TELLING_2014 = {"imUrl", "salesRank", "related", "categories"}
_TELLING_2018 = {"imageURLHighRes", "also_buy", "also_view", "main_cat", "tech1", "similar_item", "feature"}
# The images are a list of objects in JSON lines and an object of lists in Parquet.
_META_2023_VIEW = """
    SELECT source_row, parent_asin, title, description, features, main_category, store, price,
        CASE WHEN coalesce(categories, '') IN ('', '[]') THEN main_category ELSE categories END AS categories,
        coalesce(shown->>'$[0].large', shown->>'$[0].hi_res', shown->>'$[0].thumb',
            shown->>'$.large[0]', shown->>'$.hi_res[0]', shown->>'$.thumb[0]', '') AS image
    FROM (SELECT *, TRY_CAST(images AS JSON) AS shown FROM {source})"""


def recognise(name: str, head: Head) -> Published | None:
    """Reviews, ratings and metadata: by the names of their columns, or else by ids that Amazon gives."""
    del name
    if head.kind in NESTED:
        return _reviews(head) or _metadata(head)
    if head.has_header:
        return _table(head)
    return _ratings(head)


def _reviews(head: Head) -> Published | None:
    if has(head, _OLD_REVIEW):
        return REVIEWS_2018 if any(one in head.sample for one in _OF_2018) else REVIEWS_2014
    if not has(head, ("user_id", "parent_asin", "asin", "rating", "timestamp")):
        return None
    orphans = bool((head.sample["parent_asin"] == "").any())
    return replace(REVIEWS_2023, view=_PARENT) if orphans else REVIEWS_2023


def _table(head: Head) -> Published | None:
    """A table with a header: ratings of 2023, or reviews that someone saved as CSV."""
    told = has(head, _NEW_RATING) and set(head.sample.columns) <= {*_NEW_RATING, "history"}
    if told and mostly(head.sample["parent_asin"], _ASIN):
        return replace(RATINGS_2023, note=_HISTORY_NOTE) if "history" in head.sample else RATINGS_2023
    return _reviews(head)


def _ratings(head: Head) -> Published | None:
    """Four columns without a header: 2014 the user comes first, 2018 the item."""
    cells = head.sample
    if head.delimiter != "," or cells.shape[1] != 4:
        return None
    first, second, stars, time = (cells.iloc[:, place] for place in range(4))
    if not (mostly(stars, _STARS, 0.9) and mostly(time, _SECONDS, 0.9)):
        return None
    if mostly(first, _USER, 0.9) and mostly(second, _ASIN, 0.9):
        return RATINGS_2014
    return RATINGS_2018 if mostly(first, _ASIN, 0.9) and mostly(second, _USER, 0.9) else None


def _metadata(head: Head) -> Published | None:
    columns = set(head.sample.columns)
    if has(head, ("parent_asin", "main_category", "title")) and columns & {"images", "details", "features"}:
        return _metadata_2023(head)
    if not has(head, ("asin",)) or not mostly(head.sample["asin"], _ASIN):
        return None
    if head.layout == "python" or (columns & _TELLING_2014 and not columns & _TELLING_2018):
        return replace(META_2014, needed=lacking(head, _FIELDS_2014))
    return _metadata_2018(head) if columns & _TELLING_2018 else None


def _metadata_2018(head: Head) -> Published:
    """The image is the first one of the largest that there are."""
    needed = lacking(head, (*_FIELDS_2018, *_IMAGES_2018))
    have = [column for column in (*_FIELDS_2018, *_IMAGES_2018) if column in (*head.sample.columns, *needed)]
    firsts = [f"""TRY_CAST("{column}" AS JSON)->>'$[0]'""" for column in _IMAGES_2018 if column in have]
    kept = ", ".join(f'"{column}"' for column in _FIELDS_2018 if column in have)
    image = f"coalesce({', '.join(firsts)}, '')" if firsts else "''"
    view = f"SELECT source_row, asin, {kept}, {image} AS image FROM {{source}}"
    return replace(META_2018, needed=needed, view=view)


def _metadata_2023(head: Head) -> Published | None:
    needed = lacking(head, _FIELDS_2023)
    if not needed and not has(head, _FIELDS_2023):
        return None
    return replace(META_2023, needed=needed, view=_META_2023_VIEW)
