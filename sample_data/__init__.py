"""The sample that ships with Driftmap: three invented shops, and the truth that was planted in them.

``README.md`` beside this file documents the format, the plants and how to make it all again.
"""

import json
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent
DOMAINS: Final = ("films", "books", "games")


def interactions_file(domain: str) -> Path:
    """The log of one domain: ``user_id, item_id, timestamp``, gzipped CSV."""
    return FOLDER / f"{domain}.csv.gz"


def items_file(domain: str) -> Path:
    """The items of one domain: ``item_id, title, description, creator, released``, gzipped CSV."""
    return FOLDER / f"{domain}_items.csv.gz"


def read_truth() -> dict[str, Any]:
    """What was planted; the keys are described in ``README.md``."""
    truth: dict[str, Any] = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
    return truth
