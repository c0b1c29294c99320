import json
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.logs.formats import FileKind, detect
from tests.logs.published.conftest import Look, json_lines, rows

OLD_REVIEW = {
    "reviewerID": "A1AAAAAAAAAAAA",
    "asin": "B00AAAAAA1",
    "reviewerName": "Jo",
    "helpful": [0, 0],
    "reviewText": "So good.\u2028Really.",
    "overall": 5.0,
    "summary": "Good",
    "unixReviewTime": 1252800000,
    "reviewTime": "09 13, 2009",
}
OLD_ROLES = {"user": "reviewerID", "item": "asin", "weight": "overall", "time": "unixReviewTime"}
NEW_REVIEW = {
    "rating": 4.0,
    "title": "Nice",
    "text": "Smells nice",
    "images": [],
    "asin": "B00AAAAAA1",
    "parent_asin": "B00AAAAAA2",
    "user_id": "AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "timestamp": 1588687728923,
    "helpful_vote": 0,
    "verified_purchase": True,
}
NEW_ROLES = {"user": "user_id", "item": "parent_asin", "weight": "rating", "time": "timestamp"}


def test_reviews_2014(look: Look) -> None:
    info = look("reviews_Beauty_5.json", json_lines([OLD_REVIEW]))
    assert info.told == "Amazon reviews 2014: JSON lines"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.INTERACTIONS, OLD_ROLES)
    assert info.sample[list(OLD_ROLES.values())].to_numpy().tolist() == [
        ["A1AAAAAAAAAAAA", "B00AAAAAA1", "5.0", "1252800000"]
    ]


def test_reviews_2018(look: Look) -> None:
    lines = [OLD_REVIEW | {"verified": True, "vote": "2"}, OLD_REVIEW | {"style": {"Size:": " L"}}]
    info = look("Beauty.json", json_lines(lines))
    assert info.told == "Amazon reviews 2018: JSON lines"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.INTERACTIONS, OLD_ROLES)
    assert info.sample["style"].tolist() == ["", '{"Size:": " L"}']


def test_reviews_2023(look: Look) -> None:
    info = look("All_Beauty.jsonl", json_lines([NEW_REVIEW]))
    assert info.told == "Amazon reviews 2023: JSON lines"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.INTERACTIONS, NEW_ROLES)
    assert info.sample[list(NEW_ROLES.values())].to_numpy().tolist() == [
        ["AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "B00AAAAAA2", "4.0", "1588687728923"]
    ]


def test_an_item_without_parent_is_itself(look: Look) -> None:
    info = look("All_Beauty.jsonl", json_lines([NEW_REVIEW, NEW_REVIEW | {"parent_asin": None}]))
    assert info.columns == ("user_id", "parent_asin", "rating", "timestamp")
    assert info.sample["parent_asin"].tolist() == ["B00AAAAAA2", "B00AAAAAA1"]


@pytest.mark.parametrize(
    ("content", "year", "columns"),
    [
        (
            "A1AAAAAAAAAAAA,B00AAAAAA1,5.0,1252800000\nA2AAAAAAAAAAAA,000000001X,1.0,1252800001\n",
            "2014",
            ("user", "item", "rating", "timestamp"),
        ),
        (
            "B00AAAAAA1,A1AAAAAAAAAAAA,5.0,1252800000\n000000001X,A2AAAAAAAAAAAA,1.0,1252800001\n",
            "2018",
            ("item", "user", "rating", "timestamp"),
        ),
    ],
)
def test_ratings_without_header(look: Look, content: str, year: str, columns: tuple[str, ...]) -> None:
    info = look("ratings_Beauty.csv", content)
    assert info.told == f"Amazon ratings {year}: comma-separated, no header"
    assert info.columns == columns
    assert dict(info.guess.fields) == {
        "user": "user",
        "item": "item",
        "weight": "rating",
        "time": "timestamp",
    }
    assert rows(info) == [line.split(",") for line in content.split()]


@pytest.mark.parametrize("history", ["", ",history"])
def test_ratings_2023(look: Look, history: str) -> None:
    more = ",B00AAAAAA3 B00AAAAAA4" if history else ""
    content = f"user_id,parent_asin,rating,timestamp{history}\nAAAAAAA,B00AAAAAA2,4.0,1588687728923{more}\n"
    info = look("Beauty.train.csv", content)
    assert info.told == "Amazon ratings 2023: comma-separated"
    assert (info.kind, dict(info.guess.fields)) == (FileKind.INTERACTIONS, NEW_ROLES)
    assert rows(info)[0][:4] == ["AAAAAAA", "B00AAAAAA2", "4.0", "1588687728923"]
    assert info.published is not None
    assert ("history" in info.published.note) == bool(history)


def test_metadata_2014_in_python(look: Look) -> None:
    content = (
        "{'asin': 'B00AAAAAA1', 'categories': [['Beauty', 'Skin']], 'title': \"Jo's Balm\"}\n"
        "{'asin': 'B00AAAAAA2', 'description': 'Soft', 'imUrl': 'http://x/1.jpg', 'price': 1.5, "
        "'categories': [['Beauty']]}\n"
    )
    info = look("meta_Beauty.json", content)
    assert info.told == "Amazon metadata 2014: Python literals"
    assert info.kind is FileKind.ITEMS
    assert dict(info.guess.fields) == {
        "item": "asin",
        "title": "title",
        "text": "description",
        "category": "categories",
        "image": "imUrl",
    }
    told = info.sample[["asin", "title", "description", "categories", "imUrl", "brand"]]
    assert told.to_numpy().tolist() == [
        ["B00AAAAAA1", "Jo's Balm", "", '[["Beauty", "Skin"]]', "", ""],
        ["B00AAAAAA2", "", "Soft", '[["Beauty"]]', "http://x/1.jpg", ""],
    ]


def test_metadata_2018(look: Look) -> None:
    product = {
        "category": ["Beauty", "Skin"],
        "description": ["Soft.", "Mild."],
        "title": "Balm",
        "feature": ["50 ml"],
        "also_buy": [],
        "asin": "B00AAAAAA1",
        "imageURL": ["http://x/s.jpg"],
        "imageURLHighRes": ["http://x/l.jpg", "http://x/m.jpg"],
    }
    small = {"asin": "B00AAAAAA2", "title": "Soap", "main_cat": "Beauty", "imageURL": ["http://x/s2.jpg"]}
    info = look("meta_Beauty.json", json_lines([product, small, {"asin": "B00AAAAAA3", "also_view": []}]))
    assert info.told == "Amazon metadata 2018: JSON lines"
    assert info.kind is FileKind.ITEMS
    assert dict(info.guess.fields) == {
        "item": "asin",
        "title": "title",
        "text": "description,feature",
        "category": "category",
        "image": "image",
    }
    assert info.columns == ("asin", "title", "description", "feature", "category", "brand", "price", "image")
    assert rows(info) == [
        [
            "B00AAAAAA1",
            "Balm",
            '["Soft.", "Mild."]',
            '["50 ml"]',
            '["Beauty", "Skin"]',
            "",
            "",
            "http://x/l.jpg",
        ],
        ["B00AAAAAA2", "Soap", "", "", "", "", "", "http://x/s2.jpg"],
        ["B00AAAAAA3", "", "", "", "", "", "", ""],
    ]


META_2023 = {
    "main_category": "All Beauty",
    "title": "Balm",
    "average_rating": 4.8,
    "rating_number": 10,
    "features": ["50 ml"],
    "description": ["Soft.", "Mild."],
    "price": None,
    "images": [{"thumb": "http://x/t.jpg", "large": "http://x/l.jpg", "variant": "MAIN", "hi_res": None}],
    "videos": [],
    "store": "Jo",
    "categories": [],
    "details": {"Brand": "Jo"},
    "parent_asin": "B00AAAAAA1",
    "bought_together": None,
}
META_2023_COLUMNS = (
    "parent_asin",
    "title",
    "description",
    "features",
    "main_category",
    "store",
    "price",
    "categories",
    "image",
)
META_2023_ROW = [
    "B00AAAAAA1",
    "Balm",
    '["Soft.", "Mild."]',
    '["50 ml"]',
    "All Beauty",
    "Jo",
    "",
    "All Beauty",
    "http://x/l.jpg",
]


def test_metadata_2023(look: Look) -> None:
    info = look("meta_All_Beauty.jsonl", json_lines([META_2023]))
    assert info.told == "Amazon metadata 2023: JSON lines"
    assert info.kind is FileKind.ITEMS
    assert dict(info.guess.fields) == {
        "item": "parent_asin",
        "title": "title",
        "text": "description,features",
        "category": "categories",
        "image": "image",
    }
    assert info.columns == META_2023_COLUMNS
    assert rows(info) == [META_2023_ROW]


def test_metadata_2023_as_parquet(tmp_path: Path) -> None:
    images = {"hi_res": [None], "large": ["http://x/l.jpg"], "thumb": ["http://x/t.jpg"], "variant": ["MAIN"]}
    product = META_2023 | {"images": images, "details": json.dumps(META_2023["details"])}
    pd.DataFrame([product]).to_parquet(tmp_path / "meta.parquet")
    info = detect(tmp_path / "meta.parquet")
    assert info.told == "Amazon metadata 2023: Parquet"
    assert rows(info) == [META_2023_ROW]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("shop.csv", "u1,p1,5.0,1252800000\nu2,p2,4.0,1252800001\n"),
        ("shop.csv", "A100,B100,5,1252800000\nA101,B101,4,1252800001\n"),
        ("shop.csv", "user_id,item_id,rating,timestamp\n1,2,5.0,1252800000\n"),
        ("shop.jsonl", '{"user_id": "1", "title": "Red shoe", "timestamp": 1252800000, "item_id": "a"}\n'),
        ("items.jsonl", '{"asin": "7", "title": "Red shoe", "feature": ["red"]}\n'),
    ],
)
def test_other_files_are_not_amazon(look: Look, name: str, content: str) -> None:
    assert look(name, content).published is None
