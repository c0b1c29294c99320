from typing import Any

import pandas as pd
import pytest

from sample_data import DOMAINS, interactions_file, items_file, read_truth

TRUTH = read_truth()
COHORTS = TRUTH["cohorts"]
MOVERS = [cohort for cohort in COHORTS if cohort["kind"] != "steady"]
STEADY = [cohort for cohort in COHORTS if cohort["kind"] == "steady"]


def named(cohort: dict[str, Any]) -> str:
    return str(cohort["name"])


@pytest.fixture(scope="module")
def items() -> pd.DataFrame:
    frames = {domain: pd.read_csv(items_file(domain), dtype=str) for domain in DOMAINS}
    return pd.concat(frames, names=["domain", None]).reset_index(level="domain").reset_index(drop=True)


@pytest.fixture(scope="module")
def log() -> pd.DataFrame:
    frames = {domain: pd.read_csv(interactions_file(domain), dtype=str) for domain in DOMAINS}
    log = pd.concat(frames, names=["domain", None]).reset_index(level="domain").reset_index(drop=True)
    log["timestamp"] = pd.to_datetime(log["timestamp"])
    log["theme"] = [TRUTH["item_themes"][d][i] for d, i in zip(log["domain"], log["item_id"], strict=True)]
    return log


def share(events: pd.DataFrame, facet: dict[str, str]) -> float:
    """The fraction of the events that lie in the domain and theme."""
    return float(((events["domain"] == facet["domain"]) & (events["theme"] == facet["theme"])).mean())


def halves(log: pd.DataFrame, users: list[str], month: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The users' events before the month and from it on."""
    theirs = log[log["user_id"].isin(users)]
    after = theirs["timestamp"] >= pd.Timestamp(f"{month}-01", tz="UTC")
    return theirs[~after], theirs[after]


def test_the_promised_size(log: pd.DataFrame, items: pd.DataFrame) -> None:
    assert log["user_id"].nunique() == 900
    assert items.groupby("domain").size().to_dict() == {"books": 400, "films": 400, "games": 400}
    assert 25 <= log.groupby("user_id").size().median() <= 40
    months = log["timestamp"].dt.strftime("%Y-%m")
    assert (months.nunique(), months.min(), months.max()) == (24, "2023-01", "2024-12")


def test_titles_and_descriptions_are_unique_and_filled(items: pd.DataFrame) -> None:
    assert items["title"].is_unique
    assert items["description"].is_unique
    assert not items.isna().any(axis=None)
    assert not items[["title", "description"]].apply(lambda text: text.str.contains(r"[{}]")).any(axis=None)


@pytest.mark.parametrize("theme", TRUTH["themes"])
def test_a_theme_is_not_spelled_out_in_its_items(theme: str, items: pd.DataFrame) -> None:
    name = TRUTH["themes"][theme]["name"].lower()
    keys = zip(items["domain"], items["item_id"], strict=True)
    mine = items[[TRUTH["item_themes"][domain][item] == theme for domain, item in keys]]
    text = (mine["title"] + " " + mine["description"]).str.lower()
    assert text.str.contains(name, regex=False).mean() < 0.25


def test_every_event_has_an_item_that_is_out(log: pd.DataFrame, items: pd.DataFrame) -> None:
    joined = log.merge(items, on=["domain", "item_id"], how="left", validate="many_to_one")
    assert not joined["title"].isna().any()
    assert (joined["timestamp"].dt.strftime("%Y-%m-%d") >= joined["released"]).all()
    assert not log.duplicated(["user_id", "domain", "item_id"]).any()


@pytest.mark.parametrize("cohort", MOVERS, ids=named)
def test_movers_move_at_their_month(cohort: dict[str, Any], log: pd.DataFrame) -> None:
    before, after = halves(log, cohort["users"], cohort["month"])
    assert share(before, cohort["from"]) > 0.6
    assert share(after, cohort["from"]) < 0.1
    assert share(before, cohort["to"]) < 0.1
    assert share(after, cohort["to"]) > 0.6


@pytest.mark.parametrize("cohort", STEADY, ids=named)
def test_the_steady_stay(cohort: dict[str, Any], log: pd.DataFrame) -> None:
    before, after = halves(log, cohort["users"], "2024-01")
    assert share(before, cohort["from"]) > 0.6
    assert share(after, cohort["from"]) > 0.6


def test_cohorts_are_large_and_disjoint() -> None:
    users = [user for cohort in COHORTS for user in cohort["users"]]
    assert len(users) == len(set(users))
    assert min(len(cohort["users"]) for cohort in COHORTS) >= 40
    assert {cohort["kind"] for cohort in COHORTS} == {"within", "across", "steady"}


def test_cold_users_have_no_events_where_they_are_cold(log: pd.DataFrame) -> None:
    cold = pd.DataFrame(TRUTH["cold_users"])
    assert cold.groupby("cold_in").size().to_dict() == {"books": 40, "films": 40, "games": 40}
    seen = set(zip(log["user_id"], log["domain"], strict=True))
    assert seen.isdisjoint(zip(cold["user_id"], cold["cold_in"], strict=True))
    assert set(cold["user_id"]) <= set(log["user_id"])


def test_held_out_items_show_the_true_theme() -> None:
    themes = [
        (TRUTH["item_themes"][user["cold_in"]][item], user["theme"])
        for user in TRUTH["cold_users"]
        for item in user["held_out"]
    ]
    assert sum(got == liked for got, liked in themes) / len(themes) > 0.5


def test_taste_carries_over_to_another_domain(log: pd.DataFrame) -> None:
    """The favourite theme in films is the favourite in books far more often than the most common one is."""
    moving = {user for cohort in MOVERS for user in cohort["users"]}
    still = log[~log["user_id"].isin(moving)]
    both = [key for key, theme in TRUTH["themes"].items() if {"films", "books"} <= set(theme["domains"])]
    still = still[still["theme"].isin(both)]
    best = {
        domain: still[still["domain"] == domain].groupby("user_id")["theme"].agg(lambda t: t.mode().iloc[0])
        for domain in ("films", "books")
    }
    pairs = pd.DataFrame(best).dropna()
    commonest = pairs["books"].value_counts(normalize=True).iloc[0]
    assert (pairs["films"] == pairs["books"]).mean() > 2 * commonest
