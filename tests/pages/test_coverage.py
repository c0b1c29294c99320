from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import COVERAGE
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


def names(at: AppTest) -> set[str]:
    """The names of the tables, from the buttons that download them."""
    return {key.removeprefix("csv-") for key in buttons(at) if key.startswith("csv-")}


def buttons(at: AppTest) -> set[str]:
    return {str(button.key) for button in at.get("download_button")}


def table(at: AppTest, *columns: str) -> list[list[object]]:
    """The rows of the table that begins with these columns."""
    [found] = [frame.value for frame in at.dataframe if tuple(frame.value)[: len(columns)] == columns]
    rows: list[list[object]] = found.to_numpy().tolist()
    return rows


def save_again(ws: Workspace, info: DatasetInfo, manifest: dict[str, object], n_left: int) -> DatasetInfo:
    """The next version, with the first ``n_left`` events only."""
    log = pd.read_parquet(info.folder / "interactions.parquet").head(n_left)
    return ws.save_dataset(info.name, log, pd.read_parquet(info.folder / "items.parquet"), manifest)


@pytest.mark.usefixtures("ws")
def test_without_data_it_says_how_to_get_some(open_page: Open, text_of: Text) -> None:
    at = open_page(COVERAGE)

    assert "Nothing to show yet" in text_of(at)
    assert [button.label for button in at.main.button] == ["Load the demo"]


@pytest.mark.usefixtures("shop")
def test_it_says_what_is_enough_and_what_would_be(open_page: Open, text_of: Text) -> None:
    text = text_of(open_page(COVERAGE))

    assert "No direction has enough shared users; food → kitchen has 55 and needs about 200." in text
    assert "**food → kitchen**: 55 shared users; the interval would be about ±" in text
    assert "200 shared users are enough to learn from and to test on." in text
    assert "**All domains together**: At best 60 of 60 users come back from one month to the next" in text
    assert "**kitchen**: 100 % of 4 items have text, and 100 % of the events are on them." in text


@pytest.mark.usefixtures("shop")
def test_the_charts_say_what_to_see(open_page: Open, text_of: Text) -> None:
    at = open_page(COVERAGE)
    text = text_of(at)

    assert "100 % of the users of kitchen are in another domain too, but 92 % of those of food" in text
    assert "food and kitchen share the most users" in text
    assert "The busiest month was March 2024, with 115 events" in text
    assert "100 % of users have fewer than 5 events" in text
    assert "Every item has text" in text
    assert "In every domain a tenth of the items holds 10 % of the events" in text
    assert "Nothing was found at import" in text
    assert "What changed between versions" not in text
    assert names(at) == {
        "readiness",
        "domains",
        "users-by-domain",
        "shared-users",
        "shop-events-by-month",
        "events-per-user",
        "text-coverage",
        "long-tail-curve",
        "long-tail",
    }


@pytest.mark.usefixtures("shop")
def test_each_domain_has_a_row(open_page: Open) -> None:
    at = open_page(COVERAGE)

    assert table(at, "Domain", "Users", "Items") == [["food", 60, 5, 180, 3], ["kitchen", 55, 4, 55, 1]]
    assert [row[:3] for row in table(at, "Question")] == [
        ["Does one domain help in another?", "food → kitchen", "Thin"],
        ["Does one domain help in another?", "kitchen → food", "Thin"],
        ["Can movement of interests be measured?", "All domains together", "Thin"],
        ["Can movement of interests be measured?", "food", "Thin"],
        ["Can movement of interests be measured?", "kitchen", "Too little"],
        ["Can the language model read the items?", "food", "Enough"],
        ["Can the language model read the items?", "kitchen", "Enough"],
    ]


def test_one_domain_alone(ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text) -> None:
    log = pd.read_parquet(shop.folder / "interactions.parquet").query("domain == 'food'")
    items = pd.read_parquet(shop.folder / "items.parquet").query("domain == 'food'")
    ws.save_dataset("alone", log, items, {})

    at = open_page(COVERAGE, dataset="alone")

    assert "There is one domain, so nothing can be carried over" in text_of(at)
    assert "shared-users" not in names(at)
    assert {row[1] for row in table(at, "Question")} == {"food"}


def test_problems_of_the_import_are_told(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    problems = [{"kind": "odd times", "about": "tea.csv", "count": 3, "text": "3 events lie at midnight."}]
    counts = {"read": 240, "kept": 235, "bad": 4, "duplicates": 1, "reasons": {"no time": 4}}
    manifest = {"problems": problems, "counts": counts, "sources": [{"file": "tea.csv", "sha256": "aa"}]}
    info = save_again(ws, shop, manifest, 235)
    pd.DataFrame({"file": ["tea.csv"], "line": [7]}).to_parquet(info.folder / "quarantine.parquet")

    at = open_page(COVERAGE)
    text = text_of(at)

    assert "Found at import: 1 problem and 4 of 240 rows set aside" in text
    assert "- 3 events lie at midnight." in text
    assert "240 rows read, 235 kept, 4 set aside and 1 left out as repeats." in text
    assert table(at, "Why rows were set aside") == [["no time", 4]]
    assert "csv-set-aside" in buttons(at)


def test_two_versions_are_compared(ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text) -> None:
    save_again(ws, shop, {"pseudonymised": True}, 179)

    at = open_page(COVERAGE)

    assert "Version 2 has 56 fewer events and 15 fewer users than version 1." in text_of(at)
    assert table(at, "Domain", "What")[0] == ["all domains", "Events", 235, 179, 0, 56]
    assert table(at, "What") == [["Pseudonymised", "", "yes"]]
    at.selectbox(key="To version-shop").select(1).run()
    assert not at.exception
    assert [info.value for info in at.info] == ["Choose two different versions."]
