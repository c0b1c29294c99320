"""What became of some log files."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recsys_core.errors import InputError
from recsys_core.logs.quarantine import QUARANTINE_COLUMNS, tell_reasons
from recsys_core.logs.tally import Tally
from recsys_core.logs.times import TimeReading


@dataclass(frozen=True)
class CleanLog:
    """What became of some log files.

    ``path``: Parquet of the kept rows, ``INTERACTION_COLUMNS`` (and ``session_id`` where a log has sessions)
    in the order of the files; ``hash``: ``ValueHash`` of them; ``tally``: who and what they are about.
    ``n_read = n_kept + n_bad + n_repeats + n_left_out``, the last by the event rules. ``bad``: the first 100
    bad rows; ``quarantine``: Parquet of all that were set aside (``file, line, column, value, reason,
    text``), None where there are none. ``reasons``: bad rows by reason. ``events``: good rows by event,
    before the rules. ``times`` and ``rows_of_files``: how the times of each file were read, and how many
    rows. ``n_padded``: ids that had space around them.
    """

    path: Path
    hash: str
    tally: Tally
    n_read: int
    n_kept: int
    n_bad: int
    n_repeats: int
    n_left_out: int
    n_padded: int
    bad: pd.DataFrame
    quarantine: Path | None
    reasons: Mapping[str, int]
    events: Mapping[str, int]
    times: Mapping[str, TimeReading]
    rows_of_files: Mapping[str, int]

    @property
    def bad_share(self) -> float:
        """Fraction of the rows read that are bad, in [0, 1]."""
        return self.n_bad / self.n_read if self.n_read else 0.0

    def check(self, max_bad: float) -> None:
        """Raise InputError with a summary where more than the fraction ``max_bad`` of the rows is bad, or
        where no row is left.
        """
        if self.bad_share <= max_bad and self.n_kept:
            return
        if self.bad_share <= max_bad:
            raise InputError(
                f"No event is left of {self.n_read:,} rows: {self.n_left_out:,} were left out by the rules, "
                f" {self.n_repeats:,} as repeats; {self.n_bad:,} cannot be used. Nothing was saved.",
                "Keep more events.",
            )
        examples = "; ".join(_tell(row) for row in self.bad.head(3).to_dict("records"))
        raise InputError(
            f"{self.n_bad:,} of {self.n_read:,} rows ({self.bad_share:.1%}) cannot be used: "
            f"{tell_reasons(self.reasons)}. For example {examples}. Nothing was saved.",
            f"Check which columns were mapped, mend the file, or allow more than {max_bad:.0%} bad rows.",
        )


def _tell(row: Mapping[Hashable, object]) -> str:
    file, line, column, value, reason = (row[name] for name in QUARANTINE_COLUMNS[:5])
    named = column if isinstance(column, str) else "the line"
    cell = f"{named} is {value!r}" if isinstance(value, str) else named
    return f"line {line} of {file} ({cell}: {reason})"
