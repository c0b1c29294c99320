"""Personal data that should not be in a log: e-mail addresses, phone numbers and the like."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from recsys_core.columns import ITEM_ID, TEXT, TITLE, USER_ID

MOST_LOOKED_AT = 100_000
"""Texts of items, and values of an attribute of people, that are looked at."""

OF_PEOPLE = "values of people's "
"""Begins the place of what was found in an attribute of people."""

_LONGEST = 4000
"""Letters of a text that are looked at; the patterns below take the square of it."""

_EMAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
_IP_ADDRESS = r"\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b"
_MAY_BE_PHONE = r"[+(]\d[\d ().-]{6,}\d|\b\d{1,5}[ ().-][\d ().-]{5,}\d"
KINDS = ("e-mail addresses", "phone numbers", "IP addresses")


@dataclass(frozen=True)
class PersonalData:
    """``where``: users' ids, items' ids, items' texts or values of a column about people; ``kind``: one of
    ``KINDS``; ``count``: of the ``looked_at`` different texts; ``example``: one of them, masked.
    """

    where: str
    kind: str
    count: int
    looked_at: int
    example: str

    def sentence(self, pseudonymised: bool) -> str:
        """What was found and what to do about it."""
        found = f"{self.count:,} of {self.looked_at:,} {self.where} hold {self.kind}, such as {self.example}."
        if self.where != "users' ids":
            if self.where.startswith(OF_PEOPLE):
                return f"{found} Take the column out of the file, unless it is not stored anyway."
            return f"{found} Remove them from the log if they are of people."
        return f"{found} " + (
            "They are stored as pseudonyms." if pseudonymised else "Import with pseudonyms."
        )


def people_in_text(
    ids: Mapping[str, pa.StringArray],
    items: pd.DataFrame,
    pseudonymised: bool,
    people: Sequence[pd.DataFrame] = (),
) -> list[PersonalData]:
    """What looks like personal data in the ids of a log, by column, the text of its items, and the attributes
    in its tables of ``people``.

    Users' ids that are pseudonyms are not looked at.
    """
    texts = {}
    if not pseudonymised:
        texts["users' ids"] = ids[USER_ID].to_pandas()
    texts["items' ids"] = ids[ITEM_ID].to_pandas()
    said = (items[TITLE] + "\n" + items[TEXT]).drop_duplicates()
    texts["items' texts"] = said.head(MOST_LOOKED_AT)
    for table in people:
        for column in table.columns.drop(USER_ID):
            values = table[column].drop_duplicates()
            texts[f"{OF_PEOPLE}{column}"] = values[values != ""].head(MOST_LOOKED_AT)
    return [
        found
        for where, values in texts.items()
        for found in _found(where, values.astype("str").str.slice(0, _LONGEST))
    ]


def mask(text: str) -> str:
    """``anna@example.org`` → ``a…@e….org``: enough to recognise, too little to use."""
    name, at, host = text.partition("@")
    if at:
        return f"{name[:1]}…@{host[:1]}….{host.rpartition('.')[2]}"
    return f"{text[:2]}…{text[-1:]}"


def _found(where: str, values: pd.Series) -> Iterator[PersonalData]:
    for kind, found in zip(
        KINDS, (_matches(values, _EMAIL), _phones(values), _matches(values, _IP_ADDRESS)), strict=True
    ):
        if len(found):
            yield PersonalData(where, kind, len(found), len(values), mask(str(found.iloc[0])))


def _matches(values: pd.Series, pattern: str) -> pd.Series:
    holding = values[values.str.contains(pattern, regex=True).fillna(False).astype(bool)]
    return holding.str.extract(f"({pattern})", expand=True)[0].dropna()


def _phones(values: pd.Series) -> pd.Series:
    """Numbers that a numbering plan knows, where they are written as phone numbers are: a bare row of digits
    is more often an id.
    """
    from phonenumbers import Leniency, PhoneNumberMatcher

    maybe = _matches(values, _MAY_BE_PHONE)
    known = maybe.map(lambda text: any(PhoneNumberMatcher(text, "US", leniency=Leniency.VALID)))
    return maybe[known.astype(bool)]
