import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import Server
from tests.workspace.test_permissions import open_to_others

MINUTE = 60_000


@pytest.mark.timeout(1200)
def test_from_an_empty_workspace_to_a_cold_start_recommendation(
    server: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    page.goto(server.url)
    settled(page)
    page.get_by_role("button", name="Load the demo").click()
    clicked = time.monotonic()

    expect(page.get_by_role("heading", name="The busiest month was")).to_be_visible(timeout=MINUTE)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert time.monotonic() - clicked < 60  # half of that where no other test is at work
    expect(page.get_by_text("Findings appear here").or_(page.get_by_text("For new").first)).to_be_visible()

    expect(page.get_by_text("Planted and found")).to_be_visible(timeout=12 * MINUTE)
    settled(page)
    expect(page.get_by_text("broad interests")).to_be_visible()
    assert open_to_others(server.workspace) == []

    _go_to(page, "Cold start")
    expect(page.get_by_text("Because of").first).to_be_visible(timeout=2 * MINUTE)
    settled(page)


def _go_to(page: Page, name: str) -> None:
    """Click again where nothing came of it: Streamlit loses a click that meets the rerun of a new stage."""
    title = page.get_by_role("heading", level=1)
    for _ in range(3):
        page.get_by_role("link", name=name, exact=True).click()
        try:
            expect(title).to_have_text(name, timeout=10_000)
        except AssertionError:
            continue
        return
    expect(title).to_have_text(name)
