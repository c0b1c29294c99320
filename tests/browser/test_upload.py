import zipfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from recsys_core.workspace.workspace import Workspace
from sample_data import interactions_file, items_file
from tests.browser.server import Server

Settled = Callable[[Page], None]


def test_an_archive_of_two_domains_is_uploaded_mapped_previewed_and_imported(
    server: Server, page: Page, settled: Settled, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "shops.zip", "w") as archive:
        for domain in ("books", "films"):
            for path in (interactions_file(domain), items_file(domain)):
                archive.write(path, path.name)
    page.goto(f"{server.url}/upload")
    settled(page)

    page.set_input_files("input[type=file]", str(tmp_path / "shops.zip"))
    shared = page.get_by_text("22,250 rows read, 0 set aside, 739 users shared by both domains.")
    expect(shared).to_be_visible(timeout=60_000)
    settled(page)
    page.get_by_text("5 or more").first.click()
    expect(page.get_by_text("are left out by the rules above.")).to_be_visible()
    page.get_by_test_id("stSidebarNavItems").get_by_role("link", name="Coverage").click()
    page.get_by_test_id("stSidebarNavItems").get_by_role("link", name="Upload").click()
    expect(page.get_by_text("are left out by the rules above.")).to_be_visible()
    page.get_by_text("Keep all").first.click()
    expect(page.get_by_text("22,250 rows would be kept")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Import").click()

    expect(page.get_by_text("my logs, version 1: 22,250 rows read, 22,250 kept")).to_be_visible(
        timeout=60_000
    )
    (info,) = Workspace.open(server.workspace).datasets()
    assert (info.name, info.domains, info.n_events) == ("my logs", ("books", "films"), 22_250)


def test_dates_that_may_be_read_in_two_ways_are_asked_about(
    server: Server, page: Page, settled: Settled, tmp_path: Path
) -> None:
    rows = [f"u{n % 25:02},i{n % 3},{n % 12 + 1:02}/02/2024" for n in range(100)]
    (tmp_path / "shop.csv").write_text("\n".join(["user_id,item_id,date", *rows]))
    page.goto(f"{server.url}/upload")
    settled(page)

    page.set_input_files("input[type=file]", str(tmp_path / "shop.csv"))
    asked = page.get_by_role("radiogroup", name="Which comes first")
    expect(asked).to_be_visible()
    expect(asked.get_by_role("radio", checked=True)).to_have_count(0)
    expect(page.get_by_role("button", name="Import")).to_be_disabled()
    asked.get_by_text("Month first").click()

    expect(page.get_by_text("100 rows read, 0 set aside.")).to_be_visible()
    expect(page.get_by_text("read as dates like 01/31/2024, month first")).to_be_visible()
    expect(page.get_by_role("button", name="Import")).to_be_enabled()
    settled(page)
    _type_domain(page, "tea shop")

    expect(page.get_by_text("3 of 3 items in the log of tea shop have no title or text.")).to_be_visible()


def _type_domain(page: Page, domain: str) -> None:
    """Into the last column of the first row of the files; a table in a canvas may miss the first click."""
    files, cell = page.get_by_test_id("stDataFrame").first, page.locator("textarea.gdg-input")
    box = files.bounding_box()
    assert box is not None
    for _ in range(5):
        files.click(position={"x": box["width"] - 40, "y": 52})
        page.wait_for_timeout(300)
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        if cell.count():
            break
    cell.fill(domain)
    cell.press("Enter")
