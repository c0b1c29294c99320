"""Many people at once: browsers that go through every page of the running app, and what they leave behind.

DRIFTMAP_BENCH_SESSIONS says how many (25), DRIFTMAP_BENCH_WORKSPACE names a workspace to copy; without one
the demo is made. Browsers and app share the processors, so fewer sessions tell more on a small machine.
"""

import asyncio
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import pytest
from playwright.async_api import Browser, Error, Page, async_playwright, expect

from pages.ui.places import HOME, SECTIONS, Place
from recsys_core.jobs.foreground import run_here
from recsys_core.progress import Silent
from recsys_core.workspace.workspace import Workspace
from tests.browser.conftest import FLAGS, chromium  # noqa: F401 - a fixture
from tests.browser.server import Server

SESSIONS = int(os.environ.get("DRIFTMAP_BENCH_SESSIONS", "25"))
PLACES = [place for places in SECTIONS.values() for place in places]
PATIENCE_MS = 60_000
LEFT_SECONDS = 150  # Streamlit keeps a session for two minutes, in case its browser comes back
MAIN = "[data-testid=stMain]"


@dataclass(frozen=True)
class Walks:
    """``seconds``: of every page shown; ``troubles``: what went wrong, in words."""

    seconds: list[float] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def told(self) -> str:
        """In one line."""
        half, most = np.percentile(self.seconds or [np.nan], [50, 95])
        return f"{len(self.seconds)} pages, p50 {half:.2f} s, p95 {most:.2f} s, errors: {self.troubles or 0}"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Server]:
    root, ready = tmp_path / "workspace", os.environ.get("DRIFTMAP_BENCH_WORKSPACE")
    if ready:
        shutil.copytree(ready, root)
    else:
        run_here(Workspace.open(root), "demo", {"dataset": "demo"}, Silent())
    server = Server(root)
    server.start()
    yield server
    server.kill()


def test_many_people_at_once(app: Server, chromium: str) -> None:  # noqa: F811 - the fixture
    assert app.process is not None
    process = psutil.Process(app.process.pid)
    first = asyncio.run(_sessions(app.url, chromium, 1))
    print(f"\nfirst visitor: {first.told()}")
    time.sleep(LEFT_SECONDS)
    before = _megabytes(process)
    walks = asyncio.run(_sessions(app.url, chromium, SESSIONS))
    most = _megabytes(process)
    time.sleep(LEFT_SECONDS)
    after = _megabytes(process)
    print(f"{SESSIONS} at once: {walks.told()} (wanted p95 1.5 s, none)")
    print(
        f"memory of the app: {before:.0f} MB before, {most:.0f} with them,"
        f" {after:.0f} when they were gone, {after / before - 1:+.0%} (wanted +20%)"
    )
    assert len(walks.seconds) + len(walks.troubles) == SESSIONS * len(PLACES)


async def _sessions(url: str, executable: str, count: int) -> Walks:
    walks = Walks()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        await asyncio.gather(*(_walk(browser, url, walks) for _ in range(count)))
        await browser.close()
    return walks


async def _walk(browser: Browser, url: str, walks: Walks) -> None:
    """One person: the home page, then every other by its link."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto(url)
    await _shown(page, HOME)
    for place in [*PLACES[1:], PLACES[0]]:
        began = time.perf_counter()
        try:
            await page.locator("[data-testid=stSidebarNav]").get_by_role("link", name=place.title).click()
            await _shown(page, place)
        except (AssertionError, Error) as error:
            walks.troubles.append(f"{place.title}: {str(error).splitlines()[0]}")
        else:
            walks.seconds.append(time.perf_counter() - began)
    await context.close()


async def _shown(page: Page, place: Place) -> None:
    """Until the page's script has run; an exception or a dialog is a failure."""
    ended = re.compile("notRunning")
    await expect(page.locator(f"{MAIN} h1").first).to_have_text(place.title, timeout=PATIENCE_MS)
    app = page.locator("[data-testid=stApp]")
    await expect(app).to_have_attribute("data-test-script-state", ended, timeout=PATIENCE_MS)
    await expect(page.locator("[data-testid=stException]")).to_have_count(0, timeout=1_000)
    await expect(page.get_by_role("dialog")).to_have_count(0, timeout=1_000)


def _megabytes(process: psutil.Process) -> float:
    """Resident memory now."""
    return process.memory_info().rss / 1e6
