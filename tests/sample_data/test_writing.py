from sample_data.draws import Draws
from sample_data.writing import Theme, Writer

PEOPLE = {"first": ["Ines"], "last": ["Strand"]}


def write(line: str, **words: list[str]) -> str:
    theme = Theme("t", "T", ("films",), {"films": ["x"]}, {"films": [line]}, {**words, **PEOPLE})
    return Writer(theme, "films", Draws("a")).description()


def test_slots_are_filled_all_the_way_down() -> None:
    line = write("{Who} must {goal}.", who=["a pilot"], goal=["carry {cargo}"], cargo=["seeds"])
    assert line == "A pilot must carry seeds."


def test_articles_follow_the_sound() -> None:
    assert write("the {place} keeper of a {noun}", place=["the Veil"], noun=["armada"]) == (
        "The Veil keeper of an armada"
    )
    assert write("a {noun}", noun=["unicorn"]) == "A unicorn"


def test_plurals_and_possessives() -> None:
    assert write("{noun}s", noun=["Prophecy"]) == "Prophecies"
    assert write("{noun}s", noun=["Witch"]) == "Witches"
    assert write("{noun}'s {noun}", noun=["Witch"]) == "Witch's Witch"


def test_people_have_two_names() -> None:
    assert write("{Person} plays {first2}.") == "Ines Strand plays Ines."
