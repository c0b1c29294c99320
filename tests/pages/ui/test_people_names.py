import numpy as np

from pages.ui.people_names import People, short_names
from recsys_core.logs.pseudonyms import Pseudonyms

KEY = Pseudonyms(b"a key for tests")
IDS = np.array(["0017", "1", "ann", "ann-maria", "bob"], dtype=object)


def people(by_id: bool = False) -> People:
    return People(IDS, short_names(IDS, KEY), by_id, KEY)


def test_the_same_person_always_has_the_same_short_name_which_only_the_key_gives() -> None:
    names = short_names(IDS, KEY)
    assert names[2] == f"user {KEY.of('ann')[1:7]}"
    assert short_names(IDS[::-1], KEY).tolist() == names[::-1].tolist()
    assert set(names).isdisjoint(short_names(IDS, Pseudonyms(b"another key")))


def test_where_two_would_have_the_same_name_theirs_are_longer() -> None:
    ids = np.array([str(n) for n in range(20_000)], dtype=object)  # of 16.8 million names: some collide
    names = short_names(ids, KEY)
    lengths = np.array([len(name) for name in names])
    assert len(set(names)) == len(names)
    assert {11, 12} <= set(lengths) <= {11, 12, 13, 14}
    assert np.mean(lengths > 11) < 0.01
    assert names[7] == f"user {KEY.of('7')[1:]}"[: lengths[7]]


def test_the_whole_id_or_part_of_a_pseudonym_finds_a_person() -> None:
    who = people()
    assert who.find("ann", 9).tolist() == [2]
    assert who.find("an", 9).tolist() == []
    assert who.find(who.names[4], 9).tolist() == [4]
    assert who.find(who.names[4][5:9].upper(), 9).tolist() == [4]
    assert who.find("user", 3).tolist() == [0, 1, 2]
    assert who.find("1", 9)[0] == 1
    assert who.find("  ", 9).tolist() == []


def test_where_ids_are_shown_part_of_one_finds_too() -> None:
    who = people(by_id=True)
    assert who.names.tolist() == IDS.tolist()
    assert who.find("ann", 9).tolist() == [2, 3]
    assert who.find("maria", 9).tolist() == [3]
    assert who.find(people().names[4], 9).tolist() == [4]


def test_an_id_finds_a_person_of_a_dataset_with_pseudonyms() -> None:
    stored = np.array([KEY.of("ann"), KEY.of("bob")], dtype=object)
    assert People(stored, stored, True, KEY).find("bob", 9).tolist() == [1]
