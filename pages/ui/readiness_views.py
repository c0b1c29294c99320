"""The readiness list: every question with its verdict, worst first, and the whole of it as a table."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from pages.ui.covered import Covered
from pages.ui.phrases import count, plain
from pages.ui.readiness_words import (
    VERDICTS,
    Line,
    movement_line,
    readiness_table,
    text_lines,
    transfer_line,
)
from pages.ui.tables import show_table
from recsys_core.catalogue.coverage import Evidence

SHOWN: Final = 12
_BADGES: Final = {
    Evidence.ENOUGH: ":blue-badge[:material/check: {}]",
    Evidence.SOME: ":orange-badge[:material/priority_high: {}]",
    Evidence.TOO_FEW: ":gray-badge[:material/block: {}]",
}
TRANSFER: Final = "Does one domain help in another?"
MOVEMENT: Final = "Can movement of interests be measured?"
TEXT: Final = "Can the language model read the items?"
_METHODS: Final = {
    TRANSFER: (
        "NDCG@10 scores a list of ten, 1 is perfect. Half-width of the 95 % interval = 1.96 · sd / √n: sd is "
        "the spread of popularity's NDCG@10 over the shared users (every item of the target ranked, ties "
        "against it, their own events among the counts), n the 20 % of them that a test holds out. Enough: "
        "200 shared users or more, and a half-width of at most a quarter of what popularity reaches. Where "
        "it reaches fewer than ten of them, all users of the target stand in."
    ),
    MOVEMENT: (
        "Movement compares what the same people did in two neighbouring windows. Enough: 200 of them in one "
        "pair of windows, and 50 in another. The shortest windows that are enough are named."
    ),
    TEXT: "Enough: 90 % of the items. An item without text can only be recommended by who took it.",
}


def show_readiness(found: Covered) -> None:
    """Three groups of questions, each with how its verdict comes about."""
    groups = [
        (TRANSFER, [transfer_line(one) for one in found.transfers]),
        (MOVEMENT, [movement_line(one) for one in found.movements]),
        (TEXT, text_lines(found.text)),
    ]
    st.markdown("#### What it is enough for")
    for question, lines in groups:
        if lines:
            st.markdown(f"###### {question}", help=_METHODS[question])
            st.markdown(_list(lines))
    with st.expander("Table and downloads"):
        show_table(readiness_table(groups), "readiness")


def _list(lines: Sequence[Line]) -> str:
    """The lines as a Markdown list, at most so many; the rest is in the table."""
    shown = [_item(line) for line in lines[:SHOWN]]
    left = lines[SHOWN:]
    if left:
        enough = all(line.evidence is Evidence.ENOUGH for line in left)
        shown.append(f"- … and {count(len(left))} more in the table{', all enough' if enough else ''}.")
    return "\n".join(shown)


def _item(line: Line) -> str:
    badge = _BADGES[line.evidence].format(VERDICTS[line.evidence])
    text = f"- {badge} **{plain(line.about)}**: {plain(line.number)}"
    return f"{text} {plain(line.remedy)}" if line.remedy else text
