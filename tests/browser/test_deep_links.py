from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from pages.ui.places import HOME, JOURNEY, SECTIONS, Place
from tests.browser.server import Server

PLACES = [place for places in SECTIONS.values() for place in places]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """On an empty workspace, for all who look and change nothing; each comes in a session of its own."""
    server = Server(tmp_path_factory.mktemp("links") / "workspace")
    server.start()
    yield server
    server.kill()


def opens(place: Place, server: Server, page: Page, settled: Callable[[Page], None]) -> None:
    page.goto(f"{server.url}/{'' if place is HOME else place.url}")

    settled(page)

    title = "Driftmap" if place is HOME else place.title
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_text("Page not found")).to_have_count(0)


def test_a_cold_server_opens_a_page_by_its_link(
    server: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    opens(JOURNEY, server, page, settled)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.url)
def test_every_page_opens_by_its_link(
    place: Place, running: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    opens(place, running, page, settled)


def test_an_empty_workspace_says_how_to_begin(
    running: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    page.goto(running.url)
    settled(page)

    expect(page.get_by_role("button", name="Load the demo")).to_be_enabled()
    page.get_by_role("link", name="Upload your own logs").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Upload")
    expect(page).to_have_url(f"{running.url}/upload")
