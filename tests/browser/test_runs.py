from collections.abc import Callable

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from recsys_core import pipeline
from recsys_core.pipeline import FinetuneOptions
from recsys_core.workspace.workspace import Workspace
from tests.browser.server import Server


@pytest.fixture
def trained(server: Server) -> Workspace:
    """A tiny shop with two real runs that differ in their epochs."""
    ws = Workspace.open(server.workspace)
    rows = [
        (f"u{user:02}", f"{domain}{(user + month) % 4}", domain, f"2024-0{month}-1{user % 9}T12:00:00Z")
        for user in range(40)
        for month in range(1, 4)
        for domain in ("food", "pots")
    ]
    log = pd.DataFrame(rows, columns=["user_id", "item_id", "domain", "timestamp"])
    log["timestamp"] = pd.to_datetime(log["timestamp"], utc=True)
    log["event"], log["weight"] = "", pd.Series(1.0, index=log.index, dtype="float32")
    items = log[["item_id", "domain"]].drop_duplicates(ignore_index=True)
    items = items.assign(title=items["item_id"], text=items["item_id"])
    ws.save_dataset("shop", log, items, {})
    for epochs in (1, 3):
        pipeline.finetune(ws, "shop", FinetuneOptions(mode="head", epochs=epochs, seed=5))
    return ws


@pytest.mark.usefixtures("trained")
@pytest.mark.timeout(300)
def test_two_runs_are_compared_and_one_is_started_again(
    server: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    page.goto(f"{server.url}/runs?dataset=shop&compare=run-1,run-2")
    settled(page)
    expect(page.get_by_role("heading", name="In what run 1 and run 2 differ")).to_be_visible()
    expect(page.get_by_text("Judged on the same")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    expect(page.locator(".js-plotly-plot").first.get_by_text("run 2", exact=True)).to_be_visible()

    with page.expect_download() as taken:
        page.get_by_role("button", name="Export folder").click()
    assert taken.value.suggested_filename == "shop-run-2.zip"

    page.get_by_role("button", name="Start again with these settings").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fine-tune")
    settled(page)
    expect(page.get_by_role("spinbutton", name="Epochs at most")).to_have_value("3")
    expect(page.get_by_role("spinbutton", name="Seed")).to_have_value("5")
