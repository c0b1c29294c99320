from collections.abc import Callable

from playwright.sync_api import Page, expect

from recsys_core.workspace.workspace import Workspace
from sample_data import interactions_file, items_file
from tests.browser.server import Server


def test_logs_and_items_of_two_domains_are_uploaded_previewed_and_imported(
    server: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    files = [find(domain) for domain in ("books", "films") for find in (interactions_file, items_file)]
    page.goto(f"{server.url}/upload")
    settled(page)

    page.set_input_files("input[type=file]", [str(path) for path in files])
    shared = page.get_by_text("22,250 rows read, 0 set aside; 739 users in both books and films.")
    expect(shared).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Import").click()

    expect(page.get_by_text("my logs, version 1: 22,250 rows read, 22,250 kept")).to_be_visible(
        timeout=60_000
    )
    (info,) = Workspace.open(server.workspace).datasets()
    assert (info.name, info.domains, info.n_events) == ("my logs", ("books", "films"), 22_250)
