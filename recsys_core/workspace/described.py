"""What an import says beside events: of items and of people, read and placed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recsys_core.logs.items import CleanItems, read_items
from recsys_core.logs.people import CleanPeople, read_people
from recsys_core.logs.pseudonyms import Pseudonyms
from recsys_core.progress import Progress
from recsys_core.workspace.merging import Merge
from recsys_core.workspace.prepared import PreparedImport
from recsys_core.workspace.told_people import ToldPeople, people_of


@dataclass(frozen=True)
class Described:
    """``items``, ``people``: of the next version. ``item_files``, ``people_files``: what each file brought,
    by its name.
    """

    items: pd.DataFrame
    item_files: Mapping[str, CleanItems]
    people: ToldPeople
    people_files: Mapping[str, CleanPeople]


def read_described(
    prepared: PreparedImport,
    merge: Merge,
    folder: Path,
    pseudonyms: Pseudonyms | None,
    row_limit: int | None,
    progress: Progress,
) -> Described:
    """Read all files of items and people, or the first ``row_limit`` rows of each. ``folder``: for temporary
    files. Raises InputError, CancelledError.
    """
    items, placed, people = {}, [], {}
    for one in prepared.items:
        progress.check_cancelled()
        items[one.info.name] = found = read_items(one.info, one.roles, folder, row_limit)
        placed.append(merge.place_items(found.frame, one.info.name, one.domain))
    for table in prepared.people:
        progress.check_cancelled()
        people[table.info.name] = read_people(table.info, table.roles, folder, pseudonyms, row_limit)
    return Described(merge.items(placed), items, people_of(merge, [*people.values()]), people)
