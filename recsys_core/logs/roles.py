"""Which column of a file plays which role: guessed from names and values, corrected by the user."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

import pandas as pd

from recsys_core.errors import InputError
from recsys_core.logs.times import infer_reading

REQUIRED = ("user", "item", "time")
NAMED, LIKE, SHAPED = 1.0, 0.8, 0.5
"""How sure a guess is: a known name, a name with a telling word in it, only the values."""

_RECBOLE_SUFFIX = re.compile(r":(token|float|token_seq|float_seq)$")

ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        role: tuple(names.split())
        for role, names in {
            "user": "userid user uid reviewerid customerid customer memberid member visitorid viewerid "
            "readerid playerid clientid accountid personid buyerid listenerid subscriberid username",
            "item": "itemid item iid parentasin asin movieid productid product sku articleid newsid bookid "
            "gameid trackid songid artistid videoid contentid filmid recipeid businessid isbn",
            "time": "timestamp time ts unixreviewtime eventtime unixtime datetime createdat created date "
            "eventdate purchasedate ratedat occurredat at reviewtime day",
            "domain": "domain",
            "event": "event eventtype eventname action behavior behaviour",
            "weight": "weight rating ratings stars overall score quantity playcount plays strength",
            "session": "session sessionid visitid gasessionid",
            "title": "title itemtitle name itemname producttitle productname movietitle",
            "text": "description text abstract overview plot synopsis blurb",
            "category": "category categories genres genre maincategory tags",
            "image": "image imageurl imurl imgurl picture thumbnail cover coverurl",
        }.items()
    }
)
"""Names that columns of each role have, without case and punctuation, likeliest first."""

WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        role: frozenset(words.split())
        for role, words in {
            "user": "user customer member visitor client account person reader buyer shopper",
            "item": "item product article movie film book track song video sku game recipe",
            "time": "time date timestamp ts when day",
            "title": "title",
            "event": "event action",
        }.items()
    }
)
"""Words within longer names that tell the role, where no column has a known name."""

ALL_ALIASES = frozenset(name for names in ALIASES.values() for name in names)


@dataclass(frozen=True)
class ColumnRoles:
    """The column that plays each role; ``text`` may be several."""

    user: str | None = None
    item: str | None = None
    time: str | None = None
    domain: str | None = None
    event: str | None = None
    weight: str | None = None
    session: str | None = None
    title: str | None = None
    text: tuple[str, ...] = ()
    category: str | None = None
    image: str | None = None

    def as_dict(self) -> dict[str, str]:
        """Role → column for the roles that are played; several text columns joined by commas."""
        played = {field.name: getattr(self, field.name) for field in fields(self)}
        return {role: ",".join(c) if isinstance(c, tuple) else c for role, c in played.items() if c}


ROLES = tuple(field.name for field in fields(ColumnRoles))


@dataclass(frozen=True)
class RoleGuess:
    """``fields``: role → column; ``confidence``: role → [0, 1], 1 where the name says it."""

    fields: Mapping[str, str]
    confidence: Mapping[str, float]

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles an interaction log needs that no column was found for."""
        return tuple(role for role in REQUIRED if role not in self.fields)


def guess_roles(columns: Sequence[str], sample: pd.DataFrame, named: bool = True) -> RoleGuess:
    """Guess the roles from the names of ``columns``, and a missing time from the values of ``sample`` (text).

    Where the columns have no names (``named`` false), the last column of times is the time and the first two
    others are the user and the item.
    """
    found: dict[str, str] = {}
    plain = {plain_name(column): column for column in reversed(columns)} if named else {}
    for role, names in ALIASES.items():
        match = next((plain[name] for name in names if name in plain), None)
        if match is not None and match not in found.values():
            found[role] = match
    confidence = dict.fromkeys(found, NAMED)
    for role, column in _by_words(columns if named else (), sample, found).items():
        found[role], confidence[role] = column, LIKE
    if not named:
        for role, column in _by_shape(columns, sample).items():
            found[role] = column
            confidence[role] = SHAPED
    elif "time" not in found and "user" in found:
        time = next((c for c in columns if c not in found.values() and _is_time(sample[c])), None)
        if time is not None:
            found["time"], confidence["time"] = time, SHAPED
    return RoleGuess(found, confidence)


def parse_map(pairs: Sequence[str]) -> dict[str, str]:
    """``["user=uid", "time=when"]`` → ``{"user": "uid", "time": "when"}``; ``text`` may come more than
    once. Raises InputError for an unknown role or a pair without "=".
    """
    roles: dict[str, str] = {}
    for pair in pairs:
        role, equals, column = (part.strip() for part in pair.partition("="))
        if not equals or not column:
            raise InputError(f"{pair!r} maps nothing.", "Write role=column, e.g. user=customer_id.")
        _check_role(role)
        roles[role] = f"{roles[role]},{column}" if role == "text" and role in roles else column
    return roles


def settle_roles(
    file: str, columns: Sequence[str], guess: RoleGuess, corrections: Mapping[str, str], needed: Sequence[str]
) -> ColumnRoles:
    """The guess corrected by the user's map; an empty column takes a role away.

    Raises InputError where a mapped column is not in the file or a ``needed`` role has no column.
    """
    for role in corrections:
        _check_role(role)
    given = {role: column for role, column in corrections.items() if column}
    taken = {name for column in given.values() for name in (column, *column.split(","))}
    kept = {r: c for r, c in guess.fields.items() if r not in corrections and c not in taken}
    roles = {**kept, **given}
    have = f"It has: {', '.join(columns)}."
    text = _text_columns(roles.pop("text", ""), columns)
    for role, column in [*roles.items(), *(("text", name) for name in text)]:
        if column not in columns:
            raise InputError(f"{file} has no column {column!r}, which was mapped to {role}.", have)
    for role in needed:
        if role not in roles:
            remedy = f"{have} Map one of them, e.g. {role}={columns[0]}."
            raise InputError(f"{file} has no column that looks like the {role}.", remedy)
    return ColumnRoles(**roles, text=text)


def _text_columns(mapped: str, columns: Sequence[str]) -> tuple[str, ...]:
    if not mapped:
        return ()
    return (mapped,) if mapped in columns else tuple(name.strip() for name in mapped.split(","))


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise InputError(f"{role!r} is not a role of a column.", f"The roles are: {', '.join(ROLES)}.")


def plain_name(column: str) -> str:
    """A column's name without case, punctuation and RecBole's type: "User_ID:token" → "userid"."""
    return re.sub(r"[^a-z0-9]", "", bare_name(column.strip().lower()))


def bare_name(column: str) -> str:
    """A column's name without RecBole's type: "age:token" → "age"."""
    return _RECBOLE_SUFFIX.sub("", column)


def _by_words(columns: Sequence[str], sample: pd.DataFrame, found: Mapping[str, str]) -> dict[str, str]:
    """Roles that no known name says, from a word within the names: "visitor_key", "PurchaseDateTime"."""
    told: dict[str, str] = {}
    for role, words in WORDS.items():
        free = [c for c in columns if c not in (*found.values(), *told.values())]
        like = next((c for c in free if words & _words(c) and (role != "time" or _is_time(sample[c]))), None)
        if role not in found and like is not None:
            told[role] = like
    return told


def _words(column: str) -> frozenset[str]:
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", column)
    return frozenset(re.split(r"[^a-z]+", parted.lower()))


def _by_shape(columns: Sequence[str], sample: pd.DataFrame) -> dict[str, str]:
    """Roles in a file without a header: the last column of times; the first two others are user, item."""
    time = next((column for column in reversed(columns) if _is_time(sample[column])), None)
    others = [column for column in columns if column != time]
    if time is None or len(others) < 2:
        return {}
    return {"user": others[0], "item": others[1], "time": time}


def _is_time(values: pd.Series) -> bool:
    return infer_reading(values.tolist()) is not None
