"""H&M, purchases of clothes: ``transactions_train``, ``articles`` and ``customers`` (H&M Group, 2022)."""

from recsys_core.logs.heads import Head
from recsys_core.logs.published.published import Published
from recsys_core.logs.published.telling import has
from recsys_core.logs.reading import FileKind, LogFormat

TRANSACTIONS = Published(
    name="H&M transactions",
    format=LogFormat.HM,
    kind=FileKind.INTERACTIONS,
    roles={"user": "customer_id", "item": "article_id", "time": "t_dat"},
    note="The times are days: what one person bought on one day has no order.",
)
ARTICLES = Published(
    name="H&M articles",
    format=LogFormat.HM,
    kind=FileKind.ITEMS,
    roles={
        "item": "article_id",
        "title": "prod_name",
        "text": "detail_desc",
        "category": "product_type_name",
    },
)
CUSTOMERS = Published(
    name="H&M customers",
    format=LogFormat.HM,
    kind=FileKind.PEOPLE,
    roles={"user": "customer_id"},
    view="SELECT * EXCLUDE (postal_code) FROM {source}",
    note="Postal codes are left out: few people share one.",
)
_FILES = (
    (("t_dat", "customer_id", "article_id", "price", "sales_channel_id"), TRANSACTIONS),
    (("article_id", "product_code", "prod_name", "product_type_name", "detail_desc"), ARTICLES),
    (("customer_id", "club_member_status", "fashion_news_frequency", "age", "postal_code"), CUSTOMERS),
)


def recognise(name: str, head: Head) -> Published | None:
    """H&M's three files, by the names of their columns."""
    del name
    return next((one for columns, one in _FILES if has(head, columns)), None)
