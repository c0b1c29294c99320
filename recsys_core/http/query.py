"""What ``GET /api/recommendations`` is asked for, read from its query string."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from recsys_core.http.problems import Problem

WHO: Final = ("user", "items", "text")
NAMES: Final = ("dataset", "domain", *WHO, "k", "run", "version")
MOST_K: Final = 100
MOST_ITEMS: Final = 100
MOST_VERSION: Final = 2**31 - 1


@dataclass(frozen=True)
class Query:
    """Exactly one of ``user``, ``items`` (ids) and ``text`` is given. ``run`` and ``version``: None for the
    one in use and the newest.
    """

    dataset: str
    domain: str
    user: str | None
    items: tuple[str, ...]
    text: str | None
    k: int
    run: str | None
    version: int | None

    @classmethod
    def read(cls, given: Sequence[tuple[str, str]]) -> "Query":
        """From the pairs of a query string. Raises Problem (400) for what cannot be understood."""
        _check_names([name for name, _ in given])
        values = dict(given)
        if odd := next((name for name, value in given if "\0" in value), None):
            raise _bad(f"The parameter {odd} has a NUL character.", "Leave it out.")
        return cls(
            dataset=_needed(values, "dataset"),
            domain=_needed(values, "domain"),
            user=_needed(values, "user") if "user" in values else None,
            items=_ids(_needed(values, "items")) if "items" in values else (),
            text=_needed(values, "text") if "text" in values else None,
            k=_number(values.get("k", "10"), "k", MOST_K),
            run=_needed(values, "run") if "run" in values else None,
            version=_number(values["version"], "version", MOST_VERSION) if "version" in values else None,
        )

    @property
    def who(self) -> dict[str, object]:
        """Whom the list is for, as it was asked."""
        if self.user is not None:
            return {"user": self.user}
        return {"items": list(self.items)} if self.items else {"text": self.text}


def _check_names(names: Sequence[str]) -> None:
    unknown = next((name for name in names if name not in NAMES), None)
    if unknown is not None:
        raise _bad(f"There is no parameter {unknown!r}.", f"There are: {', '.join(NAMES)}.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise _bad(f"The parameter {twice} is given more than once.", "Give it once.")
    who = [name for name in WHO if name in names]
    if len(who) != 1:
        said = f"{' and '.join(who)} were" if who else "Nobody was"
        raise _bad(f"{said} named to recommend for.", "Name exactly one of user, items and text.")


def _needed(values: dict[str, str], name: str) -> str:
    if not values.get(name, "").strip():
        raise _bad(f"The parameter {name} is missing or empty.", f"Add {name}=….")
    return values[name]


def _ids(text: str) -> tuple[str, ...]:
    ids = tuple(part.strip() for part in text.split(",") if part.strip())
    if not 0 < len(ids) <= MOST_ITEMS:
        raise _bad(f"items names {len(ids)} items.", f"Name 1 to {MOST_ITEMS} ids with commas between them.")
    return ids


def _number(text: str, name: str, most: int) -> int:
    plain = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    if not plain or not 1 <= int(text) <= most:
        raise _bad(f"{name} is {text[:20]!r}.", f"Give a whole number from 1 to {most}.")
    return int(text)


def _bad(detail: str, remedy: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, detail, remedy)
