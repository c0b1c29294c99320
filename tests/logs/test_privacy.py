import pandas as pd
import pyarrow as pa
import pytest

from recsys_core.logs.privacy import PersonalData, mask, people_in_text


def found(users: list[str], items: list[str], text: str = "Tea", hashed: bool = False) -> list[PersonalData]:
    ids = {"user_id": pa.array(users), "item_id": pa.array(items)}
    frame = pd.DataFrame({"title": [text], "text": [""]}, dtype="str")
    return people_in_text(ids, frame, hashed)


def test_addresses_in_user_ids_are_counted_and_masked() -> None:
    [told] = found(["anna@example.org", "bob@example.org", "u3"], ["i1"])
    assert (told.where, told.kind, told.count, told.looked_at) == ("users' ids", "e-mail addresses", 2, 3)
    assert told.example in ("a…@e….org", "b…@e….org")
    assert told.sentence(False).endswith("Import with pseudonyms.")


def test_pseudonyms_are_not_looked_at() -> None:
    assert found(["anna@example.org"], ["i1"], hashed=True) == []


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Call +49 30 901820 now", ["phone numbers"]),
        ("Call (650) 253-0000 now", ["phone numbers"]),
        ("Mail to shop@example.co.uk", ["e-mail addresses"]),
        ("Server 192.168.1.254", ["IP addresses"]),
        ("Pack of 12 x 330 ml, 2024-01-31", []),
        ("ISBN 978-3-16-148410-0", []),
    ],
)
def test_texts_of_items(text: str, kinds: list[str]) -> None:
    assert [one.kind for one in found(["u1"], ["i1"], text)] == kinds


def test_attributes_of_people() -> None:
    ids = {"user_id": pa.array(["u1"]), "item_id": pa.array(["i1"])}
    items = pd.DataFrame({"title": ["Tea"], "text": [""]}, dtype="str")
    people = pd.DataFrame(
        {"user_id": ["bob@example.org", "u2", "u3"], "mail": ["anna@example.org", "", "none"], "age": "31"}
    )
    (told,) = people_in_text(ids, items, True, [people])
    assert (told.where, told.count, told.looked_at) == ("values of people's mail", 1, 2)
    assert told.sentence(True).endswith("Take the column out of the file, unless it is not stored anyway.")


def test_a_row_of_digits_is_an_id() -> None:
    assert found(["14155552671", "12345678901234567890"], ["4915112345678"]) == []


def test_mask() -> None:
    assert mask("anna@example.org") == "a…@e….org"
    assert mask("+49 30 901820") == "+4…0"
