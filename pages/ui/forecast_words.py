"""What a forecast says, and how far to trust it, in words made from its numbers."""

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from pages.ui.phrases import called, count, percent
from recsys_core.columns import (
    BETTER,
    CHOSEN,
    DIFFERENCE,
    DIFFERENCE_HIGH,
    DIFFERENCE_LOW,
    DOMAIN,
    FORECAST,
    FROM_WINDOW,
    HIGH,
    INTEREST,
    LOW,
    MEASURE,
    METHOD,
    N_COMPARED,
    SHARE,
    TO_WINDOW,
    VALUE,
)
from recsys_core.migration.comparison import JS_DISTANCE, LOG_LOSS, MISSED, SHARE_ERROR
from recsys_core.migration.forecasters import Method
from recsys_core.migration.migration import Migration

STAYS: Final = "everything stays as it is"
METHODS: Final = {
    Method.PERSISTENCE: STAYS,
    Method.EMA: "habit",
    Method.MARKOV: "common moves",
    Method.EMA_MARKOV: "habit and common moves",
}
MEASURES: Final = {
    LOG_LOSS: "Next mix: log-loss (nats)",
    JS_DISTANCE: "Next mix: Jensen–Shannon distance",
    MISSED: "Next mix: activity outside the likeliest interest",
    SHARE_ERROR: "Shares of everybody: error",
}
OLDER: Final = (
    "This migration was measured before there were forecasts. Measure it again with `driftmap migrate` to "
    "see what may come next."
)
HOW: Final = (
    f"**Methods.** *{STAYS.capitalize()}*: the mix of a person's last active window (persistence). *Habit*: "
    "the average of all their events, older windows counting less and less (EMA). *Common moves*: the last "
    "mix, moved as people usually move from one active window to the next (Markov). *Habit and common "
    "moves*: the same from the habit. Each is blended with what everybody does, the more the fewer events a "
    "person has, if that helps.\n\n"
    "**Judged fairly.** Settings and method are chosen on the people who came back in the last whole window "
    "but one, where a method has to be better in log-loss and in Jensen–Shannon distance alike. The figures "
    "are from those who came back in the last window, which no choice has seen. A method counts as better "
    f"only where the whole 95 % interval of its difference to *{STAYS}* (the same people, resampled) is "
    "below zero, for people by 0.001 or more. Shares of everybody are judged over the last windows instead, "
    "at most twelve, each foretold from those before it.\n\n"
    "**Intervals of shares** hold the chance of who happens to be active now and next, and what the method "
    "missed beyond that in past windows.\n\n"
    "The fine-tuned model is not among the methods: it has learned from these very windows, so that no "
    "window could judge it."
)

Names = Mapping[int, str]


def lacking(migration: Migration) -> str:
    """Why there is no forecast, a sentence; "" where there is one."""
    return str(migration.document.get("no_forecast", OLDER))


def shares_title(migration: Migration, names: Names) -> str:
    """What to see in the shares: the largest change, or the largest share where none is foretold."""
    table = migration.forecast
    stays = used(migration, SHARE_ERROR)[METHOD] == Method.PERSISTENCE
    telling = table[FORECAST] if stays else (table[FORECAST] - table[SHARE]).abs()
    row = table.loc[telling.idxmax()]
    interest, interval = called(names[int(row[INTEREST])]), f"{percent(row[LOW])} to {percent(row[HIGH])}"
    if percent(row[FORECAST]) == percent(row[SHARE]):
        return (
            f"In {row[TO_WINDOW]}, {interest} will probably hold {percent(row[FORECAST])} ({interval}), as "
            f"in {row[FROM_WINDOW]}"
        )
    way = "up" if row[FORECAST] > row[SHARE] else "down"
    return (
        f"In {row[TO_WINDOW]}, {interest} will probably hold {percent(row[FORECAST])} ({interval}), {way} "
        f"from {percent(row[SHARE])}"
    )


def shares_note(migration: Migration) -> str:
    """By which method, how well it did, and how to read the dots."""
    row = used(migration, SHARE_ERROR)
    windows = f"the last {count(row[N_COMPARED])} windows"
    if row[METHOD] == Method.PERSISTENCE:
        by = (
            f"No method foretold the shares of {windows} better than “{STAYS}”, so that is shown; it missed "
            f"by {_points(row[VALUE])} on average."
        )
    else:
        by = (
            f"By {METHODS[row[METHOD]]}, which missed the shares of {windows} by {_points(row[VALUE])} on "
            f"average, {_points(-row[DIFFERENCE])} less than “{STAYS}” "
            f"({100 * -row[DIFFERENCE_HIGH]:.2g} to {100 * -row[DIFFERENCE_LOW]:.2g})."
        )
    together = "All domains together. " if migration.shares[DOMAIN].nunique() > 2 else ""
    now, then = migration.forecast[[FROM_WINDOW, TO_WINDOW]].iloc[0]
    return f"{by} {together}Ring: {now}; dot and bar: {then}, with its 95 % interval."


def people_sentence(migration: Migration) -> str:
    """Whether the next mix of people is foretold better than by assuming nothing changes."""
    row = used(migration, LOG_LOSS)
    people = f"{count(row[N_COMPARED])} people who came back in the last whole window"
    if row[METHOD] == Method.PERSISTENCE:
        return f"Person by person, no method was surely better than “{STAYS}”; so that is used ({people})."
    told = f"{row[VALUE]:.3f} against {row[VALUE] - row[DIFFERENCE]:.3f}"
    apart = f"{_signed(row[DIFFERENCE])} ({_signed(row[DIFFERENCE_LOW])} to {_signed(row[DIFFERENCE_HIGH])})"
    verdict = "misses less than" if row[BETTER] else "was not surely better than"
    return (
        f"Person by person, the forecast by {METHODS[row[METHOD]]} {verdict} “{STAYS}”: log-loss {told}, "
        f"{apart}, on {people}."
    )


def trust_in_mixes(migration: Migration) -> str:
    """How well the next mix of one person is usually foretold."""
    row = used(migration, MISSED)
    usual = migration.forecast_scores
    stays = usual[(usual[MEASURE] == MISSED) & (usual[METHOD] == Method.PERSISTENCE)].iloc[0]
    hit = f"{percent(1 - row[VALUE])} ({percent(1 - row[HIGH])} to {percent(1 - row[LOW])})"
    text = (
        f"When {count(row[N_COMPARED])} people came back in the last whole window, the interest called "
        f"likeliest held {hit} of what they did"
    )
    if row[METHOD] == Method.PERSISTENCE:
        return f"As in their last active {migration.window_size}, as far as it tells. {text}."
    return f"By {METHODS[row[METHOD]]}. {text}; by “{STAYS}” it was {percent(1 - stays[VALUE])}."


def used(migration: Migration, measure: str) -> dict[str, Any]:
    """The row of ``forecast_scores`` of the method in use."""
    scores = migration.forecast_scores
    rows: pd.DataFrame = scores[(scores[MEASURE] == measure) & scores[CHOSEN].astype(bool)]
    return {str(column): value for column, value in rows.iloc[0].items()}


def _points(fraction: float) -> str:
    return f"{100 * fraction:.2g} points"


def _signed(value: float) -> str:
    return f"{value:+.3f}".replace("-", "−")
