"""RecBole's atomic files: ``.inter``, ``.item`` and ``.user``, with a type in each cell of the header.

Tab-separated, as ``user_id:token  item_id:token  rating:float  timestamp:float`` (Zhao et al. 2021).
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from recsys_core.logs.heads import Head
from recsys_core.logs.published.published import Published
from recsys_core.logs.reading import FileKind, LogFormat
from recsys_core.logs.roles import guess_roles, plain_name

_TYPED = re.compile(r".+:(token|float|token_seq|float_seq)")

INTERACTIONS = Published("RecBole interactions", LogFormat.RECBOLE, FileKind.INTERACTIONS)
ITEMS = Published("RecBole items", LogFormat.RECBOLE, FileKind.ITEMS)
USERS = Published("RecBole users", LogFormat.RECBOLE, FileKind.PEOPLE)
LINKS = Published(
    name="RecBole links",
    format=LogFormat.RECBOLE,
    kind=FileKind.OTHER,
    note="Links among users or to a graph of knowledge are left out: they are neither events nor text.",
)


def recognise(name: str, head: Head) -> Published | None:
    """An atomic file, by the types in its header; which one, by the roles that its columns play."""
    del name
    columns = list(head.sample.columns)
    if head.kind not in ("csv", "tsv") or not all(_TYPED.fullmatch(column) for column in columns):
        return None
    roles = guess_roles(columns, head.sample).fields
    if "user" in roles and "item" in roles:
        return replace(INTERACTIONS, roles=roles)
    if "item" in roles and not any(plain_name(column) == "entityid" for column in columns):
        return replace(ITEMS, roles=_item_roles(columns, roles))
    return replace(USERS, roles={"user": roles["user"]}) if "user" in roles else LINKS


def _item_roles(columns: list[str], roles: Mapping[str, str]) -> dict[str, str]:
    """What says something of an item; RecBole's MovieLens calls the genre ``class``."""
    genres = [column for column in columns if plain_name(column) == "class"]
    found = {**dict(zip(("category",), genres, strict=False)), **roles}
    return {role: found[role] for role in ("item", "title", "text", "category", "image") if role in found}
