"""The step that says which events count, as far as it matters for these files."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from pages.ui.alike import Group, this_round
from pages.ui.edited import edit_table
from pages.ui.import_plan import FileChoice
from pages.ui.phrases import count
from recsys_core.columns import N_EVENTS, N_USERS
from recsys_core.logs.event_rules import EventRules
from recsys_core.logs.filters import CORE, FILTER, HISTORY, LEAST, TRIED
from recsys_core.logs.formats import FileKind
from recsys_core.logs.parsing import Repeats
from recsys_core.pipeline import ImportPreview

MOST_EVENTS: Final = 100
"""Only so many different events get a weight of their own."""
REPEATS: Final = {
    Repeats.LINES: ("The whole line", "Two lines that are the same in every column count once."),
    Repeats.MOMENTS: ("User, item, event and time", "A click that was logged twice counts once."),
    Repeats.PAIRS: ("User and item", "Only the first time that a user meets an item counts."),
    Repeats.KEEP: ("Nothing", "Every row counts, repeats too."),
}


def starting_rules(groups: Sequence[Group], choices: Sequence[FileChoice]) -> tuple[EventRules, str]:
    """The rules that were remembered with a log, else the usual ones; and a key for the widgets that start
    from them.
    """
    for group, choice in zip(groups, choices, strict=True):
        if choice.kind is FileKind.INTERACTIONS and group.said is not None:
            return group.said.rules, group.key
    return EventRules(), f"usual-{this_round()}"


def choose_events(
    preview: ImportPreview, choices: Sequence[FileChoice], start: EventRules, key: str
) -> EventRules:
    """The rules for single events, without the filters; ``preview``: of the files without any rule."""
    logs = [choice.roles for choice in choices if choice.kind is FileKind.INTERACTIONS]
    has_events, has_weights = (any(role in roles for roles in logs) for role in ("event", "weight"))
    left, right = st.columns(2, gap="large") if has_events or has_weights else (st.container(),) * 2
    with left:
        events = _weigh_events(preview, start, key) if has_events else {}
        least, equal = _choose_ratings(start, key) if has_weights else (None, False)
    with right:
        repeats = _choose_repeats(start, key)
    return EventRules(events, least, equal, repeats)


def choose_filters(preview: ImportPreview, rules: EventRules, start: EventRules, key: str) -> EventRules:
    """``rules`` with the filters chosen; ``preview``: with ``rules`` and without filters."""
    st.markdown("**Rare users and items**")
    st.caption("Each choice says what would stay. The denser the rest, the fewer people it speaks of.")
    if preview.sampled:
        st.caption(
            f":material/speed: Counted in the first {count(preview.n_read)} rows. In all rows users have "
            "more events, so more of them would stay."
        )
    by_core, by_history = st.columns(2)
    with by_core:
        core = _choose_least(
            "Users and items with at least so many events (k-core)", preview, CORE, start.core, f"core-{key}"
        )
    with by_history:
        history = _choose_least(
            "Users with at least so many events", preview, HISTORY, start.min_history, f"history-{key}"
        )
    return replace(rules, core=core, min_history=history)


def effect_words(preview: ImportPreview, which: str, least: int) -> str:
    """What a filter leaves: "1,204 of 1,392 users, 33,000 of 34,500 events stay"."""
    effects = preview.filters.set_index([FILTER, LEAST])
    before, after = effects.loc[(HISTORY, 1)], effects.loc[(which, least)]
    if not after[N_EVENTS]:
        return "nothing would stay"
    parts = {"users": N_USERS, "events": N_EVENTS}
    return ", ".join(f"{count(after[c])} of {count(before[c])} {word}" for word, c in parts.items()) + " stay"


def _weigh_events(preview: ImportPreview, start: EventRules, key: str) -> dict[str, float]:
    events = list(preview.events.items())[:MOST_EVENTS]
    if not events:
        return {}
    st.markdown("**How much each event counts**")
    st.caption("1 counts as it is, 0.5 half as much, 0 leaves the event out. *Weight* can be changed.")
    table = pd.DataFrame(
        {
            "Event": [event for event, _ in events],
            "Rows": [n for _, n in events],
            "Weight": [float(start.events.get(event, 1.0)) for event, _ in events],
        }
    )
    edited = edit_table(
        table,
        f"upload-events-{key}",
        by="Event",
        editable={"Weight": st.column_config.NumberColumn(min_value=0.0, step=0.1, required=True)},
        fixed={"Rows": st.column_config.NumberColumn(format="localized")},
    )
    if len(preview.events) > MOST_EVENTS:
        st.warning(
            f"There are {count(len(preview.events))} different events. Is that the right column? The "
            f"{MOST_EVENTS} most frequent are shown; the others count 1.",
            icon=":material/warning:",
        )
    named = zip(edited["Event"], edited["Weight"].fillna(1.0), strict=True)
    return {str(event): float(weight) for event, weight in named if weight != 1}


def _choose_ratings(start: EventRules, key: str) -> tuple[float | None, bool]:
    st.markdown("**Weights or ratings**")
    least: float | None = st.number_input(
        "Leave out ratings below",
        value=start.min_weight,
        step=0.5,
        format="%g",
        placeholder="Keep all",
        key=f"min-weight-{key}",
        persist_state="session",
        help="A rating of 2 of 5 is hardly a sign of interest. Rows without a rating count 1.",
    )
    equal = st.toggle(
        "Let all kept events count the same",
        value=start.equal_weights,
        key=f"equal-{key}",
        persist_state="session",
        help="Otherwise a rating of 5 counts five times as much as a rating of 1.",
    )
    return least, equal


def _choose_repeats(start: EventRules, key: str) -> Repeats:
    st.markdown("**Repeats**")
    chosen: Repeats = st.radio(
        "What has to be the same for a row to be a repeat, which is left out",
        list(REPEATS),
        index=list(REPEATS).index(start.repeats),
        format_func=lambda policy: REPEATS[policy][0],
        captions=[about for _, about in REPEATS.values()],
        key=f"repeats-{key}",
        persist_state="session",
    )
    return chosen


def _choose_least(label: str, preview: ImportPreview, which: str, start: int, key: str) -> int:
    options = [1, *TRIED]
    base = preview.filters.iloc[0]
    all_of_it = f"All {count(base[N_USERS])} users and {count(base[N_EVENTS])} events stay"
    chosen: int = st.radio(
        label,
        options,
        index=options.index(start) if start in options else 0,
        format_func=lambda least: "Keep all" if least == 1 else f"{least} or more",
        captions=[all_of_it, *(effect_words(preview, which, least).capitalize() for least in TRIED)],
        key=key,
        persist_state="session",
    )
    return chosen
