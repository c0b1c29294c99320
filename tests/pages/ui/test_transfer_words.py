from dataclasses import replace

from pages.ui.transfer_words import cell_words, cost_words, headline, transfer_table
from recsys_core.evaluation.transfer_matrix import Direction, TransferMatrix
from recsys_core.workspace.records import DatasetInfo
from tests.pages.found import transfer


def test_the_answer_counts_directions_and_names_what_all_together_help() -> None:
    assert headline(transfer()) == (
        "Transfer helps in 2 of 5 directions, harms in 1. In 1 more, too few people are shared to tell."
        " All others together help *kitchen*."
    )


def test_none_is_said_as_such() -> None:
    pair = tuple(one for one in transfer().directions if one.transfer == "none")
    assert headline(TransferMatrix(("food", "toys"), (0,), pair)) == (
        "Transfer helps in none of 2 directions, harms in none."
    )
    few = (Direction(("food",), "toys", 12), Direction(("toys",), "food", 12))
    assert headline(TransferMatrix(("food", "toys"), (0,), few)).startswith("No two domains share enough")


def test_a_cell_tells_its_people_and_where_popularity_is_shown() -> None:
    gain, few = transfer().directions[0], Direction(("toys",), "food", 1234)
    assert cell_words(gain) == (
        "<b>kitchen → food</b>: helps<br>1.50 × popularity (1.20–1.90), q < 0.001"
        "<br>100 people tested of 500 shared"
    )
    assert cell_words(few) == "<b>toys → food</b>: too few people<br>1,234 shared people, too few to test"
    same = replace(gain, transfer="none", ratio=1.0, low=1.0, high=1.0, p=1.0, q=1.0)
    assert cell_words(same).endswith("Nothing was surely better, so popularity is shown.")


def test_the_table_has_a_row_per_direction() -> None:
    table = transfer_table(transfer())
    assert table["Verdict"].tolist()[:2] == ["helps", "too few people"]
    assert table.loc[1, ["From", "To", "People shared"]].tolist() == ["toys", "food", 12]
    assert table["Ratio"].isna().sum() == 1


def test_what_it_costs_grows_with_the_log(shop: DatasetInfo) -> None:
    assert cost_words(shop).startswith("2 directions are measured, which takes 4 seconds on two cores")
    four = replace(shop, domains=("a", "b", "c", "d"), n_events=320_000)
    assert cost_words(four).startswith("28 directions are measured, which takes about")
