"""Many people at once, and one day: sessions that go through every page of the running app, and what they
leave behind.

The sessions speak to the server as a browser does, without drawing anything (see ``visitors``), since
browsers would take the processors from it that they have to themselves elsewhere; a few real ones go along.
DRIFTMAP_BENCH_SESSIONS says how many (25), DRIFTMAP_BENCH_BROWSERS how many of Chromium's (2), and
DRIFTMAP_BENCH_WORKSPACE names a workspace to copy; without one the demo is made.
"""

import asyncio
import os
import re
import shutil
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import psutil
import pytest
from playwright.async_api import Browser, Error, async_playwright, expect
from playwright.async_api import Page as BrowserPage

from pages.ui.places import HOME, SECTIONS, Place
from recsys_core.jobs.foreground import run_here
from recsys_core.progress import Silent
from recsys_core.workspace.workspace import Workspace
from tests.benchmarks.visitors import Walks, walk
from tests.browser.conftest import FLAGS, chromium  # noqa: F401 - a fixture
from tests.browser.server import Server

SESSIONS = int(os.environ.get("DRIFTMAP_BENCH_SESSIONS", "25"))
BROWSERS = int(os.environ.get("DRIFTMAP_BENCH_BROWSERS", "2"))
PLACES = [place for places in SECTIONS.values() for place in places]
LOOKED_AT_SECONDS = 10.0  # a page, on average
DAY_HOURS, HOURLY_CLICKS, DAY_PEOPLE = 8, 180, 4
PATIENCE_MS = 60_000
LEFT_SECONDS = 150  # Streamlit keeps a session for two minutes, in case its browser comes back
MAIN = "[data-testid=stMain]"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Server]:
    root, ready = tmp_path / "workspace", os.environ.get("DRIFTMAP_BENCH_WORKSPACE")
    if ready:
        shutil.copytree(ready, root)
    else:
        run_here(Workspace.open(root), "demo", {"dataset": "demo"}, Silent())
    server = Server(root)
    server.start()
    for domain in _domains(server):  # what is made once is made now
        asyncio.run(walk(server.url, Walks(), rounds=2, pause=0, seed=0, domain=domain))
    yield server
    server.kill()


def test_many_people_at_once(app: Server, chromium: str) -> None:  # noqa: F811 - the fixture
    time.sleep(LEFT_SECONDS)
    before = _megabytes(app)
    walks, drawn = asyncio.run(_crowd(app, chromium))
    most = _megabytes(app)
    time.sleep(LEFT_SECONDS)
    after = _megabytes(app)
    print(f"\n{SESSIONS} at once, each looking at a page for {LOOKED_AT_SECONDS:.0f} s: {walks.told()}")
    print(f"beside them {BROWSERS} real browser(s), until drawn: {drawn.told()} (wanted p95 1.5 s, no error)")
    print(
        f"memory of the app: {before:.0f} MB before, {most:.0f} with them,"
        f" {after:.0f} when they were gone, {after / before - 1:+.0%} (wanted within 20%)"
    )
    assert not walks.troubles
    assert not drawn.troubles


def test_a_day(app: Server) -> None:
    """As many pages as four people see in eight hours, one after the other without looking at them."""
    hourly = []
    for hour in range(DAY_HOURS):
        walks = asyncio.run(_hour(app, hour))
        assert not walks.troubles
        time.sleep(LEFT_SECONDS)
        hourly.append(_megabytes(app))
        print(f"hour {hour + 1}: {hourly[-1]:.0f} MB, {walks.told()}", flush=True)
    half = DAY_HOURS // 2
    growth = sum(hourly[half:]) / sum(hourly[:half]) - 1
    print(f"memory in the second half against the first: {growth:+.1%} (wanted none)")


async def _crowd(app: Server, executable: str) -> tuple[Walks, Walks]:
    walks, drawn, domains = Walks(), Walks(), cycle(_domains(app))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        await asyncio.gather(
            *(walk(app.url, walks, 2, LOOKED_AT_SECONDS, n, next(domains)) for n in range(SESSIONS)),
            *(_walk_in_browser(browser, app.url, drawn) for _ in range(BROWSERS)),
        )
        await browser.close()
    return walks, drawn


async def _hour(app: Server, hour: int) -> Walks:
    walks, rounds, domains = Walks(), HOURLY_CLICKS // len(PLACES), cycle(_domains(app))
    people = range(hour * DAY_PEOPLE, (hour + 1) * DAY_PEOPLE)
    await asyncio.gather(*(walk(app.url, walks, rounds, 0, person, next(domains)) for person in people))
    return walks


def _domains(app: Server) -> tuple[str, ...]:
    """Of the dataset that the app shows at first; each visitor looks at one."""
    return max(Workspace.open(app.workspace).datasets(), key=lambda info: info.created).domains


async def _walk_in_browser(browser: Browser, url: str, walks: Walks) -> None:
    """One person: the home page, then every other by its link."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    await page.goto(url)
    await _shown(page, HOME)
    for place in [*PLACES[1:], PLACES[0]]:
        await asyncio.sleep(LOOKED_AT_SECONDS)
        began = time.perf_counter()
        try:
            await page.locator("[data-testid=stSidebarNav]").get_by_role("link", name=place.title).click()
            await _shown(page, place)
        except (AssertionError, Error) as error:
            walks.troubles.append(f"{place.title}: {str(error).splitlines()[0]}")
        else:
            walks.add(place.title, time.perf_counter() - began)
    await context.close()


async def _shown(page: BrowserPage, place: Place) -> None:
    """Until the page's script has run; an exception or a dialog is a failure."""
    ended = re.compile("notRunning")
    await expect(page.locator(f"{MAIN} h1").first).to_have_text(place.title, timeout=PATIENCE_MS)
    app = page.locator("[data-testid=stApp]")
    await expect(app).to_have_attribute("data-test-script-state", ended, timeout=PATIENCE_MS)
    await expect(page.locator("[data-testid=stException]")).to_have_count(0, timeout=1_000)
    await expect(page.get_by_role("dialog")).to_have_count(0, timeout=1_000)


def _megabytes(app: Server) -> float:
    """Resident memory of the server now."""
    assert app.process is not None
    return float(psutil.Process(app.process.pid).memory_info().rss / 1e6)
