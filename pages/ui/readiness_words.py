"""Whether the log is enough, question by question: a verdict, the number behind it, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pages.ui.phrases import count, percent, plain
from recsys_core.catalogue.coverage import ENOUGH_USERS, FEW_USERS, Evidence
from recsys_core.evaluation.readiness import FEWEST_HITS, Transfer
from recsys_core.evaluation.returning import Movement
from recsys_core.evaluation.splits import FEWEST_OVERLAP_USERS
from recsys_core.logs.windows import WindowSize

VERDICTS: Final = {
    Evidence.ENOUGH: "Enough",
    Evidence.SOME: "Thin",
    Evidence.TOO_FEW: "Too little",
}
TEXT_ENOUGH: Final = 0.9
TEXT_SOME: Final = 0.5


@dataclass(frozen=True)
class Line:
    """One question: what it is about, the verdict, the numbers in words, and what closes the gap ("" where
    there is none). Plain text, names as in the log.
    """

    about: str
    evidence: Evidence
    number: str
    remedy: str = ""


def transfer_line(one: Transfer) -> Line:
    """Can what people did in the source be shown to help in the target?"""
    about, users = f"{one.source} → {one.target}", f"{count(one.n_users)} shared users"
    if one.half_width is None or one.wanted is None:
        return Line(about, one.evidence, _without_width(one), _more_people(_needed(one)))
    by = f", both by all users of {one.target}" if one.borrowed else ""
    width = f"about ±{_score(one.half_width)} on NDCG@10 (popularity: {_score(one.mean)}{by})."
    if one.evidence is Evidence.ENOUGH:
        return Line(about, one.evidence, f"{users}, enough for {width}")
    only = "only " if one.evidence is Evidence.TOO_FEW else ""
    number = f"{only}{users}; the interval would be {width}"
    return Line(about, one.evidence, number, _more_people(_needed(one)))


def movement_line(one: Movement) -> Line:
    """Do enough people come back for movement to be told from chance?"""
    about, size = one.domain or "All domains together", one.size.value
    if not one.n_best:
        number = f"None of {count(one.n_users)} users comes back from one {size} to the next."
        return Line(about, one.evidence, number, "Bring a log that covers a longer time.")
    number = (
        f"At best {count(one.n_best)} of {count(one.n_users)} users come back from one {size} to the next: "
        f"shares within ±{_points(one.half_width)} points. "
        f"{count(one.n_usable)} of {count(one.n_pairs)} pairs of {size}s hold {FEW_USERS} or more."
    )
    return Line(about, one.evidence, number, _longer_windows(one))


def text_lines(text: pd.DataFrame) -> list[Line]:
    """Is there enough text for the language model? ``text``: of ``text_coverage``; the poorest first."""
    lines = []
    for row in text.sort_values(["share_items", "domain"]).to_dict("records"):
        share, silent = float(row["share_items"]), int(row["n_items"]) - int(row["with_text"])
        enough, some = share >= TEXT_ENOUGH, share >= TEXT_SOME
        evidence = Evidence.ENOUGH if enough else Evidence.SOME if some else Evidence.TOO_FEW
        number = (
            f"{percent(share)} of {count(row['n_items'])} items have text, "
            f"and {percent(row['share_events'])} of the events are on them."
        )
        remedy = f"Import an items file with titles for the other {count(silent)}." if not enough else ""
        lines.append(Line(str(row["domain"]), evidence, number, remedy))
    return lines


def readiness_table(groups: Sequence[tuple[str, Sequence[Line]]]) -> pd.DataFrame:
    """Every line of every group as a row."""
    rows = [
        (question, line.about, VERDICTS[line.evidence], line.number, line.remedy)
        for question, lines in groups
        for line in lines
    ]
    return pd.DataFrame(rows, columns=["Question", "About", "Verdict", "Number", "What to do"])


def headline(found: Sequence[Transfer]) -> str:
    """Which domains can learn from which, in one sentence; for Markdown."""
    if not found:
        return "There is one domain, so nothing can be carried over from another; add a second one."
    weak = [one for one in found if one.evidence is not Evidence.ENOUGH]
    if not weak:
        least = min(found, key=lambda one: one.n_users)
        fewest = f"the fewest, {count(least.n_users)}, are in {_way(least)}"
        return f"Enough shared users in every direction; {fewest}."
    n_good = len(found) - len(weak)
    first = "No direction has enough shared users"
    if n_good:
        first = f"Enough shared users in {n_good} of {len(found)} directions"
    return f"{first}; {_gap(weak[0])}."


def _gap(one: Transfer) -> str:
    only = "only " if one.evidence is Evidence.TOO_FEW else ""
    has = f"{_way(one)} has {only}{count(one.n_users)}"
    return has if one.wanted is None else f"{has} and needs about {count(_round_up(one.n_wanted))}"


def _way(one: Transfer) -> str:
    return f"{plain(one.source)} → {plain(one.target)}"


def _without_width(one: Transfer) -> str:
    if not one.n_users:
        return "no shared user, so nothing can be learned or tested."
    if one.n_users < FEWEST_OVERLAP_USERS:
        return (
            f"only {count(one.n_users)} shared users; a test needs {FEWEST_OVERLAP_USERS} at the very least."
        )
    return (
        f"{count(one.n_users)} shared users, but popularity finds something for fewer than {FEWEST_HITS} "
        f"users of {one.target}, so that the width of an interval cannot be told."
    )


def _needed(one: Transfer) -> str:
    if one.wanted is None:
        return f"{ENOUGH_USERS} shared users at least"
    if one.half_width is not None and one.half_width <= one.wanted and one.n_users < ENOUGH_USERS:
        return f"{ENOUGH_USERS} shared users are enough to learn from and to test on"
    return f"about {count(_round_up(one.n_wanted))} shared users give ±{_score(one.wanted)}"


def _more_people(needed: str) -> str:
    return f"Bring a log that covers more of the same people: {needed}."


def _longer_windows(one: Movement) -> str:
    if one.evidence is Evidence.ENOUGH:
        return f"Measure by {one.size.value} or longer." if one.size is not WindowSize.MONTH else ""
    return (
        f"Bring a log of more people who come back, or of a longer time ({ENOUGH_USERS} people are enough)."
    )


def _points(fraction: float) -> str:
    value = 100 * fraction
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _score(value: float) -> str:
    """An NDCG or its half-width: three digits, four where that would leave one digit only."""
    return f"{value:.3f}" if value >= 0.01 else f"{value:.4f}"


def _round_up(n: int) -> int:
    """2,776 → 2,800: what rests on an estimate has two digits."""
    step = 10 ** max(0, len(str(n)) - 2)
    return -(-n // step) * step
