from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys_core.errors import InputError
from recsys_core.logs.formats import FileKind, detect
from recsys_core.logs.people import CleanPeople, read_people, told_once
from recsys_core.logs.pseudonyms import Pseudonyms


def people_in(folder: Path, content: str, name: str = "users.csv", **roles: str) -> CleanPeople:
    (folder / name).write_text(content)
    return read_people(detect(folder / name), roles, folder)


def test_a_row_a_person_and_ids_stay_text(tmp_path: Path) -> None:
    people = people_in(tmp_path, "user_id,gender,age\n007, F ,31\n1e5,,nan\n")
    assert people.frame.to_dict("records") == [
        {"user_id": "007", "gender": "F", "age": "31"},
        {"user_id": "1e5", "gender": "", "age": ""},
    ]
    assert (people.n_read, people.n_bad, people.n_repeated, people.n_disagreeing) == (2, 0, 0, 0)


def test_what_is_told_first_of_a_person_counts(tmp_path: Path) -> None:
    people = people_in(tmp_path, "user_id,gender,age\nann,,31\nann ,F,40\nbob,M,\nbob,,22\nNaN,F,1\n")
    assert people.frame.to_numpy().tolist() == [["ann", "F", "31"], ["bob", "M", "22"]]
    assert (people.n_read, people.n_bad, people.n_repeated, people.n_disagreeing) == (5, 1, 2, 1)


def test_ids_become_the_pseudonyms_of_the_log(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text("user_id,gender\nann,F\n")
    key = Pseudonyms(b"key")
    people = read_people(detect(tmp_path / "users.csv"), {}, tmp_path, key)
    assert people.frame.to_numpy().tolist() == [[key.of("ann"), "F"]]


def test_columns_keep_their_names_without_types_of_recbole(tmp_path: Path) -> None:
    people = people_in(tmp_path, "user_id:token\tage:token\tage:float\n1\t24\t24.5\n", "a.user")
    assert list(people.frame) == ["user_id", "age", "age:float"]
    people = people_in(tmp_path, "member,user_id,age\n1,u1,24\n", user="member")
    assert list(people.frame) == ["user_id", "user_id_", "age"]


@pytest.mark.parametrize(
    ("content", "roles", "message"),
    [
        ("who,age\n1,2\n", {}, r"users\.csv has no column that looks like the user\. It has: who, age\."),
        ("user_id,age\n1,2\n", {"user": "uid"}, r"users\.csv has no column 'uid', which was mapped to user"),
        ('{"user_id": 1}', {}, r"users\.csv has no column beside 'user_id', so it tells nothing of people\."),
        ('user_id,age\n1,2\n2,"3\n3,4\n', {}, r"quotation mark that is never closed, near line 3"),
    ],
)
def test_a_table_that_cannot_be_read(
    tmp_path: Path, content: str, roles: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        people_in(tmp_path, content, **roles)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.csv", "user_id,gender,age\n1,F,31\n", FileKind.PEOPLE),
        ("members.csv", "customer_id,joined_date\n1,2019-01-01\n", FileKind.PEOPLE),
        ("log.csv", "user_id,thing,timestamp\n1,F,1700000000\n", FileKind.INTERACTIONS),
        ("users.csv", "user_id,item_id,timestamp\n1,i1,1700000000\n", FileKind.INTERACTIONS),
    ],
)
def test_a_table_of_people_is_told_from_a_log(
    tmp_path: Path, name: str, content: str, kind: FileKind
) -> None:
    (tmp_path / name).write_text(content)
    assert detect(tmp_path / name).kind is kind


cells = st.one_of(st.sampled_from(["", "F", "M", "31"]), st.text("aé 0.", max_size=3))
ids = st.sampled_from(["ann", "bob", "007", "7", "NaN", " "])
tables = st.lists(st.tuples(ids, cells, cells), min_size=1, max_size=12)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(tables)
def test_nobody_is_lost_and_nobody_stands_twice(rows: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        lines = [",".join(f'"{cell}"' for cell in row) for row in [*rows, ("zoe", "F", "31")]]
        people = people_in(Path(folder), "\n".join(["user_id,gender,age", *lines]) + "\n")
    named = [user.strip() for user, _, _ in rows if user.strip() not in ("", "NaN")]
    assert people.frame["user_id"].tolist() == list(dict.fromkeys([*named, "zoe"]))
    assert people.n_read == len(people.frame) + people.n_bad + people.n_repeated
    for user, column, place in ((u, c, p) for u in set(named) for c, p in (("gender", 1), ("age", 2))):
        told = [row[place].strip() for row in rows if row[0].strip() == user and row[place].strip()]
        assert people.frame.set_index("user_id").loc[user, column] == (told[0] if told else "")


def test_tables_together_keep_what_only_one_tells() -> None:
    one = pd.DataFrame({"user_id": ["ann"], "gender": ["F"]})
    other = pd.DataFrame({"user_id": ["bob", "ann"], "gender": ["M", "X"], "age": ["22", "31"]})
    assert told_once([one, other]).to_numpy().tolist() == [["ann", "F", "31"], ["bob", "M", "22"]]


def test_a_table_too_long_for_one_piece_in_memory(tmp_path: Path) -> None:
    people = people_in(tmp_path, "user_id,age\n" + "".join(f"u{n},{n % 70}\n" for n in range(250_000)))
    assert people.frame.iloc[-1].tolist() == ["u249999", "29"]
    assert len(people.frame) == 250_000
