"""Which names a dataset or a domain may have."""

import re

from recsys_core.errors import InputError

LONGEST = 64
_RULE = re.compile(r"[^\W_]([\w .-]*[\w-])?")


def is_name(name: str) -> bool:
    """Whether ``name`` can name a dataset or a domain, and so a folder; see ``check_name``."""
    return len(name) <= LONGEST and _RULE.fullmatch(name) is not None


def check_name(name: str, what: str) -> str:
    """``name`` itself if it is a good name for a ``what`` ("dataset", "domain"); else InputError.

    1 to 64 letters, digits, spaces, dots, underscores and hyphens; a letter or digit first, no space
    or dot last, so that it can name a folder.
    """
    if is_name(name):
        return name
    raise InputError(
        f"{name[:LONGEST]!r} cannot name a {what}: names are 1 to {LONGEST} letters, digits, spaces, dots, "
        "underscores and hyphens, with a letter or digit first.",
        f"Choose another name for the {what}.",
    )
