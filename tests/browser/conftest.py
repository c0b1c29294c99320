import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace
from tests.browser.provider import Provider
from tests.browser.server import Server

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--use-gl=angle",
    "--use-angle=swiftshader",
)
expect.set_options(timeout=30_000)  # a busy machine is slow, not broken
NAMES = ("chromium", "chromium-browser", "google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    named = os.environ.get("DRIFTMAP_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if not found or not Path(found).exists():
        pytest.fail(
            f"No Chromium at {named!r}."
            if named
            else "No Chromium on this machine. "
            "Install one (`make test` does so by itself, or `apt-get install chromium`), "
            "or name it in DRIFTMAP_CHROMIUM."
        )
    return found


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Until the last test of this folder, since it keeps an event loop running in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "workspace")
    server.start()
    yield server
    server.kill()
    _end_jobs(server.workspace)


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    provider.start()
    yield provider
    provider.end()


@pytest.fixture
def settled() -> Callable[[Page], None]:
    return _settled


def _settled(page: Page) -> None:
    """Wait until the script has run; fail on an error or a dialog."""
    expect(page.locator("[data-testid=stMain]")).to_be_visible()
    expect(page.locator("[data-testid=stMain] h1").first).to_be_visible()
    state = re.compile("notRunning")
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", state)
    expect(page.locator("[data-testid=stException]")).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)


def _end_jobs(workspace: Path) -> None:
    import time

    ledger = Ledger(Workspace.open(workspace))
    for job in ledger.queue():
        ledger.request_cancel(job.id)
    end = time.monotonic() + 30
    while ledger.queue() and time.monotonic() < end:
        time.sleep(0.2)
