"""What an import noticed of its tables of people, in sentences that name nobody."""

from recsys_core.logs.people import CleanPeople
from recsys_core.workspace.findings import numbered
from recsys_core.workspace.merging import Merge
from recsys_core.workspace.prepared import PeopleFile
from recsys_core.workspace.requests import Finding
from recsys_core.workspace.told_people import ToldPeople


def people_findings(file: PeopleFile, people: CleanPeople) -> list[Finding]:
    """Of one table by itself."""
    name, published = file.info.name, file.info.published
    note = published.note if published else ""
    texts = {
        "format": (int(bool(note)), note),
        "malformed-people": (people.n_malformed, _malformed(name, people)),
        "people-without-id": (
            people.n_bad,
            numbered(
                people.n_bad,
                f"row of {name} has no user id and was left out.",
                f"rows of {name} have no user id and were left out.",
            ),
        ),
        "repeated-people": (
            people.n_repeated,
            numbered(
                people.n_repeated,
                f"row of {name} tells of a person again; what is told first counts.",
                f"rows of {name} tell of a person again; what is told first counts.",
            ),
        ),
        "disagreeing-people": (
            people.n_disagreeing,
            numbered(
                people.n_disagreeing,
                f"person in {name} is told of in two ways; what is told first counts.",
                f"people in {name} are told of in two ways; what is told first counts.",
            ),
        ),
    }
    return [Finding(kind, name, count, text) for kind, (count, text) in texts.items() if count]


def told_findings(told: ToldPeople, merge: Merge) -> list[Finding]:
    """Of all that is told of people, beside the users of the next version."""
    found = []
    if told.n_strangers:
        text = numbered(
            told.n_strangers,
            "person who is told of has no event and was left out.",
            "people who are told of have no event and were left out.",
        )
        found.append(Finding("unknown-people", "", told.n_strangers, text))
    if told.dropped:
        text = (
            f"Not stored of people: {', '.join(told.dropped)}. No ten people share a value, so that no group "
            "could be shown."
        )
        found.append(Finding("dropped-attributes", "", len(told.dropped), text))
    if told.frame is not None:
        n_told, n_users = len(told.frame), len(merge.users)
        text = f"{n_told:,} of {n_users:,} users have attributes: {', '.join(told.attributes)}."
        found.append(Finding("people", "", n_told, text))
    return found


def _malformed(name: str, people: CleanPeople) -> str:
    first = f"left out, the first at line {people.malformed_line}."
    return numbered(
        people.n_malformed,
        f"line of {name} is not well-formed and was {first}",
        f"lines of {name} are not well-formed and were {first}",
    )
