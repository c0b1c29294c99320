"""What is known of a published format: its columns, their roles, and how its rows become events."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recsys_core.logs.reading import DateOrder, FileKind, LogFormat

SOURCE_ROW = "source_row"
"""Number of the row of the file, from 0, that a row of a view was made of."""


@dataclass(frozen=True)
class Published:
    """One kind of file of a published format.

    ``name``: what people read, e.g. "MovieLens 1M ratings". ``columns``: names for a file without a
    header. ``needed``: columns that the first rows may lack (JSON leaves out what is empty). ``roles``:
    role → column. ``view``: SQL from ``{source}`` (the columns of the file as text, and ``source_row``) to
    rows of text with ``source_row``, where one row of the file is not one event; ``{source}`` may stand
    in it more than once. ``dates``: which comes first in its dates. ``note``: what people
    should know of the reading, a sentence.
    """

    name: str
    format: LogFormat
    kind: FileKind
    roles: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    view: str = ""
    dates: DateOrder = DateOrder.AUTO
    note: str = ""
