"""What a migration says, in words made from its numbers."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from pages.ui.migration_views import moves, partial_windows
from pages.ui.phrases import called, count, listed, percent, plain, points
from recsys_core.columns import (
    EXPECTED,
    FLAGGED,
    FROM_INTEREST,
    INTEREST,
    NAME,
    TO_INTEREST,
    TO_WINDOW,
    WINDOW,
)
from recsys_core.interests.interests import Interests
from recsys_core.migration.migration import Migration
from recsys_core.migration.sentences import flow_sentence, strongest_moves
from recsys_core.migration.sentences import headlines as core_headlines
from recsys_core.privacy import SMALLEST_GROUP

Names = Mapping[int, str]

NO_PAIRS: Final = (
    "Nobody was active in two windows in a row, so there is no movement to show. Try larger windows."
)


def headlines(migration: Migration, interests: Interests) -> list[str]:
    """The answer first, then how many moves and people it rests on; Markdown."""
    named = _called(interests)
    moved, tested = len(strongest_moves(migration)), len(migration.users)
    flagged = int(migration.users[FLAGGED].sum())
    moves_found = f"{count(moved)} {'move is' if moved == 1 else 'moves are'} beyond chance."
    people = (
        f"Of {count(tested)} people with enough events, {count(flagged)} ({percent(flagged / tested)}) "
        "changed more than their own shuffled history does."
        if tested
        else "Nobody has enough events to be tested alone."
    )
    return [f"### {core_headlines(migration, named, limit=1)[0]}", f"{moves_found} {people}"]


NO_GROUP: Final = (
    f"No interest was held by {SMALLEST_GROUP} people or more who were active in both windows, so nothing is "
    "shown. Try larger windows."
)


def stayed_sentence(flows: pd.DataFrame) -> str:
    """How much stayed where it was, against chance; ``flows``: with ``held`` and ``weight``."""
    same = flows[flows[FROM_INTEREST] == flows[TO_INTEREST]]
    held = flows["weight"].sum()
    if not held:
        return ""
    expected = (same["held"] * same[EXPECTED]).sum()
    return (
        f"{percent(same['weight'].sum() / held)} of what people held stayed where it was; by chance it would "
        f"be {percent(expected / held)}."
    )


def all_title(flows: pd.DataFrame, names: Names) -> str:
    """What to see in the streams along all windows."""
    sure = moves(flows)
    if sure.empty:
        return "In none of these windows anything moved more than chance explains"
    top = sure.iloc[0]
    return (
        f"{count(len(sure))} {'move' if len(sure) == 1 else 'moves'} beyond chance, the strongest "
        f"{called(names[top[FROM_INTEREST]])} to {called(names[top[TO_INTEREST]])} in {top[TO_WINDOW]}"
    )


def strongest_sentence(flows: pd.DataFrame, interests: Interests) -> str:
    """The strongest move beyond chance with its interval and whom it rests on; "" where there is none."""
    sure = moves(flows)
    return flow_sentence(sure.iloc[0].to_dict(), _called(interests)) if len(sure) else ""


def _called(interests: Interests) -> Interests:
    return interests.renamed([called(str(name)) for name in interests.table[NAME]])


def pair_title(flows: pd.DataFrame, names: Names, pair: str) -> str:
    """What to see in the streams."""
    sure = moves(flows)
    if sure.empty:
        return f"{pair}: nothing moved more than chance explains"
    top = sure.iloc[0]
    more = f", and {len(sure) - 1} more" if len(sure) > 1 else ""
    there = called(names[top[TO_INTEREST]])
    return f"{pair}: {called(names[top[FROM_INTEREST]])} to {there}{more}, beyond chance"


def shares_title(migration: Migration, names: Names) -> str:
    """What to see in the lines."""
    changes = migration.change_points
    if changes.empty:
        return "No interest rose or faded for good"
    first = changes.loc[changes["shift"].abs().idxmax()]
    verb = "rose" if first["direction"] == "rising" else "faded"
    return (
        f"{called(names[int(first[INTEREST])])} {verb} by {points(abs(first['shift'])).lstrip('+')} "
        f"in {first[WINDOW]}"
    )


def shares_note(migration: Migration) -> str:
    """How to read the lines, and which windows are not whole."""
    return (
        "Mean share over the people active in each window; bands are 95 % intervals. Triangles: a lasting "
        f"rise or fall, for all domains together.{partly(migration)}"
    )


def partly(migration: Migration, among: Sequence[str] | None = None) -> str:
    """Which windows (ids; None: of all) are not whole, to stand after a sentence; "" where all are."""
    partial = [window for window in partial_windows(migration) if among is None or window in among]
    if not partial:
        return ""
    return f" {listed(partial)} {'is' if len(partial) == 1 else 'are'} only partly covered by the log."


def between_title(between: pd.DataFrame, names: Names) -> str:
    """What to see between domains; ``between`` holds significant moves, the largest first."""
    top = between.iloc[0]
    return (
        f"Between domains: {called(names[top[FROM_INTEREST]])} in {plain(str(top['from_domain']))} to "
        f"{called(names[top[TO_INTEREST]])} in {plain(str(top['to_domain']))}"
    )


def ids_in(flows: pd.DataFrame) -> set[int]:
    """The interests that take part in ``flows``."""
    return {int(i) for i in (*flows[FROM_INTEREST], *flows[TO_INTEREST])}


def method(migration: Migration) -> str:
    """How it was measured, for those who want to know."""
    facts = migration.document
    return (
        f"A person's *mix* is the share of each interest among their events in a window. From one window to "
        "the next, what can stay stays, and the rest goes the shortest way between interests (optimal "
        "transport). Summed over people this gives the flows.\n\n"
        f"**Chance.** Each person's titles are shuffled among that person's own event times, "
        f"{count(facts['shuffles'])} times, and everything is measured again. What exceeds the shuffles "
        f"is tested in {count(facts['tested_cells'])} cells, corrected for that many tests "
        f"(Benjamini–Hochberg at {percent(facts['alpha'])}). Groups under {SMALLEST_GROUP} people are "
        "neither tested nor shown.\n\n"
        "**One person's change** is a step in the mean of what they took, at any one moment. It is looked "
        "for among texts, or among texts and what tells people apart (texts and who takes what together), "
        "whichever shows more of the other people to have changed; what was done on one day stays together "
        "in the shuffles.\n\n"
        "**The crowd.** Everybody's place in a window is the mean of what they took. The difference of two "
        "crowds is their energy distance as a fraction of the largest possible (Székely & Rizzo 2013), on at "
        f"most {count(facts['population_sample'])} people. People seen in both windows are compared with "
        "themselves, so that less can be told from chance than two random halves of one crowd differ by, "
        "scaled to the same number of people. Titles taken in both windows are all that counts in the second "
        "comparison: what came or went plays no part in it."
    )
