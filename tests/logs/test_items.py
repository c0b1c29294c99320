from pathlib import Path

import pytest

from recsys_core.errors import InputError
from recsys_core.logs.formats import detect
from recsys_core.logs.items import read_items


def test_items_are_cleaned_and_their_text_joined(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        "item_id,title,description,genres,brand\n"
        "007,Ben &amp; Jerry,<p>Ice cream</p>,Food|Sweet,B&J\n"
        "8,,,,\n"
        ",Lost,,,\n"
        "8,Late title,,,\n"
    )
    items = read_items(detect(path), {}, tmp_path)
    assert items.frame.to_dict("records") == [
        {
            "item_id": "007",
            "domain": "",
            "title": "Ben & Jerry",
            "text": "Ben & Jerry. Ice cream. Food, Sweet",
            "description": "<p>Ice cream</p>",
            "genres": "Food, Sweet",
            "brand": "B&J",
        },
        {
            "item_id": "8",
            "domain": "",
            "title": "Late title",
            "text": "Late title",
            "description": "",
            "genres": "",
            "brand": "",
        },
    ]
    assert (items.n_read, items.n_bad, items.n_repeated, items.n_untitled) == (4, 1, 1, 0)


def test_the_map_says_which_columns_are_text(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("code,label,a,b\n1,One,x,y\n")
    items = read_items(detect(path), {"item": "code", "title": "label", "text": "a,b"}, tmp_path)
    assert items.frame["text"].tolist() == ["One. x. y"]


def test_items_need_an_id_column(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text("label,price\nOne,x\n")
    with pytest.raises(InputError, match=r"items\.csv has no column that looks like the item"):
        read_items(detect(path), {}, tmp_path)
