import pytest

from recsys_core.workspace.making import Difference, differences, facts, shortened

pytestmark = pytest.mark.one_database  # opens no catalogue


FIRST = {
    "driftmap": "0.1.0",
    "append": False,
    "pseudonymised": True,
    "sources": [{"file": "tea.csv", "sha256": "aa", "bytes": 3}],
    "items": [{"file": "tea_items.csv", "sha256": "cc"}],
    "counts": {"read": 1204, "kept": 1200, "bad": 4, "duplicates": 0, "reasons": {"no time": 4}},
}


def test_the_facts_of_a_manifest() -> None:
    assert facts(FIRST) == {
        "Log tea.csv": "sha256 aa",
        "Items tea_items.csv": "sha256 cc",
        "Added to what was there": "no",
        "Pseudonymised": "yes",
        "Rows read": "1,204",
        "Rows kept": "1,200",
        "Rows set aside": "4",
        "Repeated rows left out": "0",
        "Made by Driftmap": "0.1.0",
    }


def test_what_a_manifest_does_not_say_is_left_out() -> None:
    assert facts({}) == {}
    assert facts({"sources": None, "counts": None, "rules": None}) == {}


def test_only_what_differs_is_told() -> None:
    second = {
        **FIRST,
        "sources": [{"file": "tea.csv", "sha256": "bb"}, {"file": "pots.csv", "sha256": "dd"}],
        "rules": {"events": {"buy": 5, "click": 1}, "least events of a user": 5},
    }

    assert differences(FIRST, second) == (
        Difference("Log tea.csv", "sha256 aa", "sha256 bb"),
        Difference("Log pots.csv", "", "sha256 dd"),
        Difference("Rule events", "", "buy 5, click 1"),
        Difference("Rule least events of a user", "", "5"),
    )
    assert differences(FIRST, FIRST) == ()


def test_a_hash_is_shortened_for_reading() -> None:
    assert shortened("sha256 0123456789abcdef") == "sha256 0123456789ab"
    assert shortened("1,204") == "1,204"


def test_rules_may_be_a_list() -> None:
    assert facts({"rules": [{"event": "buy", "weight": 5}, "clicks only"]}) == {
        "Rule 1": "event buy, weight 5",
        "Rule 2": "clicks only",
    }
