import numpy as np
import pandas as pd

from pages.ui.readiness_words import (
    Line,
    headline,
    movement_line,
    readiness_table,
    text_lines,
    transfer_line,
)
from recsys_core.catalogue.coverage import Evidence
from recsys_core.evaluation.readiness import Transfer
from recsys_core.evaluation.readiness import transfer as told
from recsys_core.evaluation.returning import Movement
from recsys_core.logs.windows import WindowSize


def transfer(source: str, target: str, ndcg: np.ndarray) -> Transfer:
    """A direction into a domain that only the shared users are in."""
    return told(source, target, ndcg, ndcg)


ENOUGH = transfer("books", "films", np.repeat([0.2, 0.4], 200))
THIN = transfer("toys", "food", np.repeat([1.0, 0.0], [30, 270]))
FEW = transfer("toys", "films", np.repeat([1.0, 0.0], [10, 21]))
NONE = transfer("toys", "books", np.zeros(0))


def test_enough_says_how_narrow() -> None:
    line = transfer_line(ENOUGH)

    assert line.about == "books → films"
    assert line.number == "400 shared users, enough for about ±0.022 on NDCG@10 (popularity: 0.300)."
    assert line.remedy == ""


def test_a_gap_says_how_many_more() -> None:
    line = transfer_line(THIN)

    assert line.number == (
        "300 shared users; the interval would be about ±0.076 on NDCG@10 (popularity: 0.100)."
    )
    assert line.remedy == (
        "Bring a log that covers more of the same people: about 2,800 shared users give ±0.025."
    )


def test_too_few_says_so() -> None:
    line = transfer_line(FEW)

    assert line.evidence is Evidence.TOO_FEW
    assert line.number == (
        "only 31 shared users; the interval would be about ±0.380 on NDCG@10 (popularity: 0.323)."
    )
    assert transfer_line(NONE).number == "no shared user, so nothing can be learned or tested."
    assert transfer_line(transfer("a", "b", np.full(12, 0.5))).number == (
        "only 12 shared users; a test needs 20 at the very least."
    )
    assert "cannot be told" in transfer_line(transfer("a", "b", np.zeros(500))).number


def test_what_is_borrowed_is_said_to_be() -> None:
    line = transfer_line(told("toys", "food", np.zeros(31), np.repeat([1.0, 0.0], [100, 900])))

    assert line.number == (
        "only 31 shared users; the interval would be about ±0.240 on NDCG@10 "
        "(popularity: 0.100, both by all users of food)."
    )
    assert line.remedy.endswith("about 2,800 shared users give ±0.025.")


def test_narrow_but_few_people_need_more_all_the_same() -> None:
    assert transfer_line(transfer("a", "b", np.full(60, 0.5))).remedy == (
        "Bring a log that covers more of the same people: "
        "200 shared users are enough to learn from and to test on."
    )


def test_movement_names_the_windows_that_are_enough() -> None:
    found = Movement("food", WindowSize.QUARTER, 1204, 900, 400, 56, 12, 0.049, Evidence.ENOUGH)

    assert movement_line(found) == Line(
        "food",
        Evidence.ENOUGH,
        "At best 400 of 1,204 users come back from one quarter to the next: shares within ±4.9 points. "
        "12 of 56 pairs of quarters hold 50 or more.",
        "Measure by quarter or longer.",
    )


def test_nobody_who_comes_back() -> None:
    line = movement_line(Movement("", WindowSize.YEAR, 30, 0, 0, 0, 0, 1.0, Evidence.TOO_FEW))

    assert line.about == "All domains together"
    assert line.number == "None of 30 users comes back from one year to the next."


def test_text_the_poorest_first() -> None:
    text = pd.DataFrame(
        [("food", 100, 95, 0.95, 1.0), ("pots", 100, 64, 0.64, 0.91), ("toys", 10, 1, 0.1, 0.2)],
        columns=["domain", "n_items", "with_text", "share_items", "share_events"],
    )
    toys, pots, food = text_lines(text)

    assert (toys.evidence, pots.evidence, food.evidence) == ("too few", "some", "enough")
    assert pots.number == "64 % of 100 items have text, and 91 % of the events are on them."
    assert (pots.remedy, food.remedy) == ("Import an items file with titles for the other 36.", "")


def test_the_headline() -> None:
    assert headline([FEW, ENOUGH]) == (
        "Enough shared users in 1 of 2 directions; toys → films has only 31 and needs about 670."
    )
    assert headline([NONE]) == "No direction has enough shared users; toys → books has only 0."
    assert headline([ENOUGH]) == (
        "Enough shared users in every direction; the fewest, 400, are in books → films."
    )
    assert headline([]).startswith("There is one domain")


def test_every_line_is_a_row() -> None:
    table = readiness_table([("Help?", [transfer_line(ENOUGH)]), ("Move?", [])])

    assert table.to_numpy().tolist() == [
        ["Help?", "books → films", "Enough", transfer_line(ENOUGH).number, ""]
    ]
