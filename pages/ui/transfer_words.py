"""Which domains help which, in words."""

from typing import Final

import pandas as pd

from pages.ui.phrases import count, in_chart, listed, p_value, plain
from pages.ui.progress import duration
from recsys_core.evaluation.transfer_matrix import Direction, TransferMatrix, source_sets
from recsys_core.workspace.records import DatasetInfo

WILL_SHOW: Final = (
    "This table will show, for every domain and every other one, whether what people did there helps to "
    "recommend here: gain, none or harm, with its interval and how many people it rests on."
)
METHOD: Final = (
    "A cell tells how many times as good as popularity recommendations are for people of whom only the row's "
    "domains are known (NDCG@10 of the blend over that of popularity), with its 95 % interval below. Because "
    "many are read at once, gain and harm are corrected for their number (Benjamini-Hochberg, 5 %): grey may "
    "be chance. No fine-tuned model takes part, since one would have to be trained anew for every cell."
)
VERDICTS: Final = {"gain": "helps", "none": "may be chance", "harm": "harms", "too few": "too few people"}
ALL_OTHERS: Final = "all others"
_EVENTS_A_SECOND: Final = 15_000
_SECONDS_A_DIRECTION: Final = 2.0


def headline(matrix: TransferMatrix) -> str:
    """The answer: in how many directions one domain helps another, and all together."""
    measured = [one for one in matrix.from_one if one.measured]
    if not measured:
        return "No two domains share enough people to tell whether one helps the other."
    gains, harms = (sum(one.transfer == kind for one in measured) for kind in ("gain", "harm"))
    sentence = (
        f"Transfer helps in {gains or 'none'} of {_directions(len(measured))}, harms in {harms or 'none'}."
    )
    few = len(matrix.from_one) - len(measured)
    if few:
        sentence += f" In {few} more, too few people are shared to tell."
    return sentence + _together(matrix)


def _directions(n: int) -> str:
    return f"{n} direction{'s' * (n > 1)}"


def _together(matrix: TransferMatrix) -> str:
    measured = [one for one in matrix.from_all if one.measured]
    helped = [f"*{plain(one.target)}*" for one in measured if one.transfer == "gain"]
    if not measured:
        return ""
    if len(helped) == len(measured):
        return " All others together help everywhere."
    return f" All others together help {listed(helped) or 'nowhere'}."


def from_name(one: Direction, matrix: TransferMatrix) -> str:
    """What the sources of a direction are called as a row."""
    several = 1 < len(one.sources) == len(matrix.domains) - 1
    return ALL_OTHERS if several else " + ".join(one.sources)


def people_words(one: Direction) -> str:
    """How many people a direction rests on."""
    if not one.measured:
        return f"{count(one.n_shared)} shared people, too few to test"
    return f"{count(one.n_test)} people tested of {count(one.n_shared)} shared"


def cell_words(one: Direction) -> str:
    """What the pointer says of one direction."""
    name = f"<b>{in_chart(' + '.join(one.sources))} → {in_chart(one.target)}</b>: {VERDICTS[one.transfer]}"
    if one.ratio is None or one.q is None:
        return f"{name}<br>{people_words(one)}"
    popular = "<br>Nothing was surely better, so popularity is shown." if one.low == one.high == 1 else ""
    return (
        f"{name}<br>{one.ratio:.2f} × popularity ({one.low:.2f}–{one.high:.2f}), q {p_value(one.q)}"
        f"<br>{people_words(one)}{popular}"
    )


def transfer_table(matrix: TransferMatrix) -> pd.DataFrame:
    """Every direction with its numbers; empty where there were too few people."""
    rows = [
        {
            "From": " + ".join(one.sources),
            "To": one.target,
            "Verdict": VERDICTS[one.transfer],
            "Ratio": one.ratio,
            "Low": one.low,
            "High": one.high,
            "People tested": one.n_test,
            "People shared": one.n_shared,
            "p": one.p,
            "q (corrected)": one.q,
            "Beside": one.against,
        }
        for one in matrix.directions
    ]
    return pd.DataFrame(rows).astype(dict.fromkeys(("Ratio", "Low", "High", "p", "q (corrected)"), "float64"))


def cost_words(info: DatasetInfo) -> str:
    """About how long measuring takes, from the size of the log."""
    n = len(info.domains)
    sets = [sources for target in range(n) for sources in source_sets(n, target)]
    events = sum(info.n_events * (1 + len(sources)) / n for sources in sets)
    seconds = len(sets) * _SECONDS_A_DIRECTION + events / _EVENTS_A_SECOND
    return (
        f"{count(len(sets))} directions are measured, which takes {duration(seconds)} on two cores, in the "
        "background; stopped and started again, it goes on where it was."
    )
