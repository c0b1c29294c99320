"""Which letter separates the cells of a text, and whether cells may be quoted."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import zip_longest

from recsys_core.errors import InputError

DELIMITERS = ("\t", "::", ",", ";", "|", "\x01", "^", "~", " ")
"""What separates cells in the logs there are, likeliest first where several fit equally well."""

_QUOTE = '"'
_UNQUOTED = ("\t", "::", "\x01", " ")
"""Where these separate, quotation marks are letters, unless quoting is seen to fit better."""
_QUOTED = re.compile(r'"([^"]|"")*"')
_LINES = 100
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True)
class Dialect:
    """``delimiter``: one letter, or "::". ``quote``: "" where cells are never quoted."""

    delimiter: str
    quote: str

    def rows(self, name: str, text: str, most: int) -> list[list[str]]:
        """The cells of the first ``most`` rows that are not blank. Raises InputError."""
        if len(self.delimiter) > 1:
            lines = (line.rstrip("\r") for line in text.split("\n"))
            return [line.split(self.delimiter) for line in lines if line][:most]
        csv.field_size_limit(_LONGEST_CELL)
        how = {"delimiter": self.delimiter, "quoting": csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE}
        reader = csv.reader(io.StringIO(text, newline=""), **how)  # type: ignore[arg-type]
        rows: list[list[str]] = []
        try:
            for row in reader:
                rows += [row] if row else []
                if len(rows) == most:
                    break
        except csv.Error as error:
            raise InputError(
                f"{name} is not a well-formed CSV file near line {reader.line_num}: {error}.",
                "Mend that line, or export the file again.",
            ) from error
        return rows


def find_dialect(name: str, text: str, delimiter: str = "") -> Dialect:
    """The delimiter, and whether there are quotes, that cut the most lines into the same number of cells.

    ``delimiter``: taken where it is given. Raises InputError where the text has only one column.
    """
    first = text.lstrip("\n").splitlines()[0]
    found = [delimiter] if delimiter else [one for one in DELIMITERS if one in first]
    if not found or found[0] not in first:
        raise InputError(
            f"{name} has only one column, or none that can be told apart: {first[:60]!r}.",
            "A log needs at least a user, an item and a time column; name the delimiter if it is a rare one.",
        )
    usual = [Dialect(one, "" if one in _UNQUOTED else _QUOTE) for one in found]
    other = [Dialect(one, _QUOTE) for one in found if one in _UNQUOTED and len(one) == 1]
    best = max([*usual, *other], key=lambda dialect: _alike(name, text, dialect))  # the first of equals
    return replace(best, quote=_QUOTE) if not best.quote and _wraps(name, text, best) else best


def _wraps(name: str, text: str, dialect: Dialect) -> bool:
    """Whether a column has every cell in quotes, as R writes them: then they are no letters."""
    if len(dialect.delimiter) > 1 or _QUOTE not in text:
        return False
    columns = zip_longest(*dialect.rows(name, text, _LINES)[1:], fillvalue="")
    return any(all(_QUOTED.fullmatch(cell) for cell in cells) for cells in columns)


def _alike(name: str, text: str, dialect: Dialect) -> float:
    """The fraction of the first lines that have as many cells as most of them; 0 for a single cell."""
    try:
        widths = Counter(len(row) for row in dialect.rows(name, text, _LINES))
    except InputError:
        return 0.0
    width, often = widths.most_common(1)[0]
    return often / widths.total() if width > 1 else 0.0
