"""CSV that no spreadsheet will run."""

from typing import Final

import pandas as pd

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_csv(table: pd.DataFrame) -> bytes:
    """CSV with a byte-order mark for Excel; text that a spreadsheet would run as a formula gets a quote.

    Source of the rule: OWASP, CSV Injection.
    """
    texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    safe = table.assign(**{str(name): table[name].map(_quoted) for name in texts})
    safe.columns = pd.Index([_quoted(name) for name in safe.columns])
    return safe.to_csv(index=False).encode("utf-8-sig")


def _quoted(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
