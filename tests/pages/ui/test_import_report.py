from typing import Any

import pandas as pd
import pytest

from pages.ui.event_step import effect_words
from pages.ui.import_report import outcome_sentence, preview_sentence
from pages.ui.import_sample import Extent
from recsys_core.pipeline import ImportPreview

FILTERS = pd.DataFrame(
    [("history", 1, 1392, 90, 34_500), ("k-core", 5, 1204, 80, 33_000), ("history", 20, 0, 0, 0)],
    columns=["filter", "least", "n_users", "n_items", "n_events"],
)


def preview(pairs: list[tuple[str, str, int]], **changed: Any) -> ImportPreview:
    counts = {"n_read": 174_248, "n_kept": 174_000, "n_bad": 236, "n_repeats": 12, "n_left_out": 0}
    rest: dict[str, Any] = dict.fromkeys(ImportPreview.__dataclass_fields__)
    overlap = pd.DataFrame(pairs, columns=["domain_a", "domain_b", "n_users"])
    return ImportPreview(
        **{**rest, **counts, "overlap": overlap, "filters": FILTERS, "sampled": False, **changed}
    )


@pytest.mark.parametrize(
    ("pairs", "shared"),
    [
        ([], ""),
        ([("food", "kitchen", 7144)], ", 7,144 users shared by both domains"),
        (
            [("books", "films", 7), ("books", "games", 12), ("films", "games", 0)],
            ", 12 users shared by books and games, 7 users shared by books and films",
        ),
        ([("a", "b", 0), ("a", "c", 0), ("b", "c", 0)], ", no users shared by any two domains"),
    ],
)
def test_the_headline(pairs: list[tuple[str, str, int]], shared: str) -> None:
    assert preview_sentence(preview(pairs)) == f"174,248 rows read, 236 set aside{shared}."


def test_the_headline_of_a_sample() -> None:
    one = preview([], sampled=True, n_read=200_000, n_bad=0)

    assert preview_sentence(one, Extent(200_000, 10_000_000)) == (
        "The first 200,000 of about 10,000,000 rows read, 0 set aside."
    )
    assert preview_sentence(one, Extent(200_000, None)) == "The first 200,000 rows read, 0 set aside."


def test_what_becomes_of_the_rows() -> None:
    assert outcome_sentence(preview([])) == (
        "**174,000 rows would be kept**; 12 are repeats; 236 (0.1 %) cannot be used."
    )


def test_what_a_filter_leaves() -> None:
    one = preview([])

    assert effect_words(one, "k-core", 5) == "1,204 of 1,392 users, 33,000 of 34,500 events stay"
    assert effect_words(one, "history", 20) == "nothing would stay"
