from pathlib import Path

from pages.ui.day_or_month import order_examples, time_values
from recsys_core.logs.formats import detect
from recsys_core.logs.reading import DateOrder

HEAD = "user_id,item_id,date\n"


def test_what_each_order_makes_of_a_date() -> None:
    assert order_examples(["05/05/2024", "03/04/2024 10:00"]) == {
        DateOrder.DAY_FIRST: "03/04/2024 is 3 April 2024",
        DateOrder.MONTH_FIRST: "03/04/2024 is 4 March 2024",
    }
    assert order_examples(["3.4.24"])[DateOrder.DAY_FIRST] == "3.4.24 is 3 April 2024"
    assert order_examples(["yesterday"])[DateOrder.DAY_FIRST] == "day/month/year"


def test_a_date_further_on_that_tells_is_found(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(HEAD + "u,i,03/04/2024\n" * 3000 + "u,i,13/04/2024\n")

    assert time_values(detect(path), "date")[-1] == "13/04/2024"


def test_dates_that_tell_need_no_second_look(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(HEAD + "u,i,03/04/2024\nu,i,13/04/2024\n")

    assert time_values(detect(path), "date") == ["03/04/2024", "13/04/2024"]
