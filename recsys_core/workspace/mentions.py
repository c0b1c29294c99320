"""Whether a text names a person."""

import json
import re
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, repr=False)
class Mentions:
    """``names``: the ids of one person."""

    names: tuple[str, ...]

    def sure(self, text: str) -> bool:
        """An id stands in the text as a word of its own."""
        return self._word.search(text) is not None

    def possible(self, text: str) -> bool:
        """That, or the text ends in the beginning of an id, where it may have been cut off."""
        return self.sure(text) or any(
            text.endswith(beginning) and not re.match(r"\w", text[: -len(beginning)][-1:])
            for name in self._spellings
            for beginning in (name[:end] for end in range(1, len(name)))
        )

    @cached_property
    def _word(self) -> re.Pattern[str]:
        return re.compile("|".join(_bounded(name) for name in self._spellings))

    @cached_property
    def _spellings(self) -> tuple[str, ...]:
        """The ids as they stand in text, in CSV and in JSON."""
        spelt = [(name, name.replace('"', '""'), *_in_json(name)) for name in self.names]
        return tuple(dict.fromkeys(one for several in spelt for one in several))


def _in_json(name: str) -> tuple[str, ...]:
    return tuple(json.dumps(name, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False))


def _bounded(name: str) -> str:
    before = r"(?<!\w)" if re.match(r"\w", name) else ""
    after = r"(?!\w)" if re.match(r"\w", name[-1]) else ""
    return f"{before}{re.escape(name)}{after}"
