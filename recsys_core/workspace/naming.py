"""Names that people gave to interests, kept beside those that the interests were found with."""

from hashlib import sha256
from typing import Final

from filelock import FileLock

from recsys_core.access import Role
from recsys_core.columns import INTEREST, LEVEL, NAME, TERMS
from recsys_core.errors import InputError, NotFoundError
from recsys_core.interests.interests import UNCLEAR, Interests
from recsys_core.parts import Parts
from recsys_core.workspace.audit import target_of
from recsys_core.workspace.conflicts import check_seen
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.records import ANY, AnyValue
from recsys_core.workspace.workspace import Workspace

KIND: Final = "interest-names"
RENAME: Final = "rename an interest"
LONGEST_NAME: Final = 60


@takes(Role.VIEWER, "see interests")
def load_interests(ws: Workspace, dataset: str, version: int, run: str | None) -> Interests | None:
    """The interests found with a run (None: without one), under the names people gave them."""
    parts = ws.load_result("interests", dataset, version, run)
    if parts is None:
        return None
    found = Interests.from_parts(parts)
    given = _given(ws, dataset, version, run, found)
    return found.renamed([given.get(i, str(name)) for i, name in enumerate(found.table[NAME])])


@changes(Role.ANALYST, RENAME, on=("dataset", "version", "run", "interest"), detail="name")
def rename_interest(
    ws: Workspace,
    dataset: str,
    version: int,
    run: str | None,
    interest: int,
    name: str,
    seen: str | AnyValue = ANY,
) -> None:
    """Call an interest (id) ``name`` from now on, on every page and in every export; "" gives back the name
    it was found with. ``seen``: how it was called when this was decided.

    Names belong to these interests: where other ones are found, they no longer count; where the same ones
    are found again, they do. Raises InputError for a name that is too long, taken in its level, or would be
    read as something else, NotFoundError where there is no such interest, and ConflictError where it is
    called otherwise by now than was ``seen``.
    """
    name = " ".join(name.split())
    with FileLock(ws.root / "locks" / "interest-names.lock"):
        parts = ws.load_result("interests", dataset, version, run)
        found = None if parts is None else Interests.from_parts(parts)
        if found is None or not 0 <= interest < len(found.table) or found.name(interest) == UNCLEAR:
            raise NotFoundError(f"There is no interest {interest} to be named.", "Find the interests first.")
        given = _given(ws, dataset, version, run, found)
        now = given.pop(interest, found.name(interest))
        target = target_of(dataset, version, run, interest)
        check_seen(ws.engine, seen, now, RENAME, target, f"The interest is called {now!r} now")
        if name:
            _check(name, interest, found, given)
            given[interest] = name
        elif _taken(found.name(interest), interest, found, given):
            raise InputError(
                f"Another interest is called {found.name(interest)!r} now, the name this one was found with.",
                "Rename that one first.",
            )
        document = {"of": _mark(found), "names": {str(i): given[i] for i in sorted(given)}}
        ws.save_result(KIND, dataset, version, run, Parts(document))


def _check(name: str, interest: int, found: Interests, given: dict[int, str]) -> None:
    if len(name) > LONGEST_NAME:
        raise InputError(
            f"The name has {len(name)} characters; names have at most {LONGEST_NAME}, to fit the map.",
            "Choose a shorter one.",
        )
    if any(c in "<>" or not c.isprintable() for c in name):
        raise InputError("The name holds < or > or an invisible character.", "Use letters and words.")
    if name.casefold() == UNCLEAR.casefold():
        raise InputError(f"{name!r} is what titles without a text are called.", "Choose another name.")
    if _taken(name, interest, found, given):
        raise InputError(f"Another interest of this level is called {name!r}.", "Choose a name of its own.")


def _taken(name: str, interest: int, found: Interests, given: dict[int, str]) -> bool:
    """Whether another interest of the same level is called so, upper and lower case alike."""
    of_level = found.at_level(int(found.table[LEVEL].iloc[interest]))
    named = zip(of_level[INTEREST].tolist(), of_level[NAME].tolist(), strict=True)
    others = (given.get(i, str(other)) for i, other in named if i != interest)
    return name.casefold() in {other.casefold() for other in others}


def _given(ws: Workspace, dataset: str, version: int, run: str | None, found: Interests) -> dict[int, str]:
    """The names given to ``found``, by interest id."""
    parts = ws.load_result(KIND, dataset, version, run)
    if parts is None or parts.document["of"] != _mark(found):
        return {}
    return {int(i): str(name) for i, name in parts.document["names"].items()}


def _mark(found: Interests) -> str:
    """What tells these interests from others: the names and words they were found with, in order."""
    rows = zip(found.table[LEVEL], found.table[NAME], found.table[TERMS], strict=True)
    return sha256(
        repr([(int(level), str(name), str(terms)) for level, name, terms in rows]).encode()
    ).hexdigest()
