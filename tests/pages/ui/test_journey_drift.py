import pandas as pd

from pages.ui.journey_drift import Departures, departure_chart, departure_sentence, departure_table

TABLE = pd.DataFrame(
    [("2024-Q2", 0.3, 0.2, 0.1, 0.4, 9, 12), ("2024-Q3", 0.7, 0.2, 0.1, 0.4, 8, 11)],
    columns=["window", "drift", "expected", "low", "high", "n_events", "n_users"],
)


def test_it_says_where_they_were_farther_from_the_past_than_by_chance() -> None:
    assert departure_sentence(Departures(TABLE, 1, 1), "quarter") == (
        "In 1 of 2 quarters what this user took was farther from everything before than by chance: most in "
        "2024-Q3, where 70 % differs and the same days in random order give 10 % to 40 %."
    )
    assert departure_sentence(Departures(TABLE.head(1), 30, 30), "quarter") == (
        "1 quarter can be told, and in none was what these people took farther from the past than by "
        "chance: most in 2024-Q2, where 30 % differs and the same days in random order give 10 % to 40 %."
    )
    assert "No month has 3 events" in departure_sentence(Departures(TABLE.head(0), 1, 1), "month")
    assert "No month has 10 people" in departure_sentence(Departures(TABLE.head(0), 30, 30), "month")


def test_what_is_outside_the_band_is_coloured_and_people_are_counted_in_a_cohort_only() -> None:
    band, dots = departure_chart(TABLE, ["2024-Q1", "2024-Q2", "2024-Q3"]).data
    assert [round(height, 9) for height in band.y] == [0.3, 0.3]
    assert dots.marker.color == ("#9A9A9A", "#0072B2")
    assert "People" not in departure_table(Departures(TABLE, 1, 1))
    assert departure_table(Departures(TABLE, 30, 30))["People"].tolist() == [12, 11]
