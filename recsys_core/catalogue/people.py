"""What is told of people themselves, such as age or country, and by what of it they can be grouped."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pandas as pd

from recsys_core.catalogue.attributes import Holds, attributes_of
from recsys_core.columns import USER_ID
from recsys_core.errors import NotFoundError
from recsys_core.privacy import SMALLEST_GROUP

FEW: Final = 10
"""Up to so many different numbers or dates are kinds, each of them a group."""
_CODE: Final = r"0\d"
"""How numbers begin that count nothing, such as postal codes."""


@dataclass(frozen=True, eq=False)
class People:
    """The table of people of a dataset version, read from its Parquet ``file`` when it is first asked for."""

    file: Path

    @cached_property
    def table(self) -> pd.DataFrame:
        """``user_id`` and attributes, all str, "" where unknown; a row for each person who is told of.

        Raises NotFoundError where the version was removed after it was opened.
        """
        try:
            return pd.read_parquet(self.file)
        except FileNotFoundError as error:
            raise NotFoundError(
                "What is told of people is gone, because this version of the dataset was removed.",
                "Do it again on the newest version.",
            ) from error


def grouping_attributes(people: pd.DataFrame) -> dict[str, Holds]:
    """Every attribute of ``People.table`` by which people can be grouped, with what it holds, in the order of
    the columns.

    Numbers and dates can be cut into groups; of others, such as names and addresses, one value at least must
    be shared by ten people, or no group could be shown.
    """
    attributes = people.drop(columns=USER_ID)
    ranges = attributes_of(attributes)
    found = {str(column): _holds(attributes[column], ranges.get(str(column))) for column in attributes}
    return {column: holds for column, holds in found.items() if holds is not None}


def _holds(values: pd.Series, like: Holds | None) -> Holds | None:
    """``like``: what the values look like by themselves."""
    sizes = values[values != ""].value_counts()
    if like in (Holds.NUMBERS, Holds.DATES) and len(sizes) > FEW and not values.str.match(_CODE).any():
        return like
    return Holds.KINDS if sizes.max() >= SMALLEST_GROUP else None
