import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pages.ui.places import HOME, SECTIONS, UPLOAD
from recsys_core.workspace.workspace import Workspace
from tests.browser.hostile import DOMAIN, HOST, TITLES, save_hostile
from tests.browser.server import Server

Settled = Callable[[Page], None]
VISITED = [
    *((place.url, DOMAIN) for places in SECTIONS.values() for place in places if place is not UPLOAD),
    ("runs", "models"),
]
SEEN = {("cold-start", DOMAIN): TITLES[5], ("jobs", DOMAIN): TITLES[2], ("runs", "models"): TITLES[2]}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("hostile") / "workspace")
    save_hostile(Workspace.open(server.workspace))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="module")
def outside(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what it asked of anybody but the app, or opened as a dialog; nobody else answers it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(30_000)
    page, told = context.new_page(), list[str]()
    context.route(_ELSEWHERE, lambda route: route.abort())
    page.on("request", lambda asked: told.append(asked.url) if _ELSEWHERE.match(asked.url) else None)
    page.on("dialog", lambda dialog: told.append(dialog.message))
    yield page, told
    context.close()


@pytest.mark.parametrize(("url", "dataset"), VISITED)
def test_nothing_that_a_log_says_becomes_more_than_text(
    url: str, dataset: str, hostile: Server, outside: tuple[Page, list[str]], settled: Settled
) -> None:
    page, told = outside
    address = "" if url == HOME.url else url
    page.goto(f"{hostile.url}/{address}?dataset={dataset}&target={DOMAIN}&window=month")
    settled(page)
    page.wait_for_timeout(300)  # charts come after the page

    assert _alive(page) == []
    assert told == []
    if (url, dataset) in SEEN:
        expect(page.get_by_text(SEEN[url, dataset][:40]).first).to_be_visible()


_ELSEWHERE = re.compile(r"^(?!(http|ws)://127\.0\.0\.1|data:|blob:)")


def _alive(page: Page) -> list[str]:
    """What of the log became more than text."""
    found: list[str] = page.evaluate(_ALIVE, HOST)
    return found


_ALIVE = """host => {
    const names = (e) => [...e.attributes].some(a => a.value.includes(host) && !a.name.startsWith('aria'));
    const all = (selector) => [...document.querySelectorAll(selector)];
    return [
        ...all('a, img, script, iframe, image, form').filter(names),
        ...all('a[href^="mailto:"], .katex, b, [aria-label="home icon"]:not([data-testid=stSidebar] *)'),
        ...all('svg.main-svg tspan').filter(e => /^(here|bold|run)$/.test(e.textContent)),
    ].map(e => e.parentElement.outerHTML.slice(0, 400)).concat(window.hit ? ['a script ran'] : []);
}"""


def test_a_file_that_is_sent_becomes_no_more_than_text_in_any_step(
    hostile: Server, outside: tuple[Page, list[str]], settled: Settled, tmp_path: Path
) -> None:
    page, told = outside
    file = tmp_path / f"<img src=x onerror='window.hit=1'> {DOMAIN}.csv"
    rows = [f"{n % 30} spam@{HOST},{TITLES[2]},2024-01-{n % 28 + 1:02},<b>{DOMAIN}</b>" for n in range(90)]
    file.write_text(
        "\n".join([f"user_id,item_id,timestamp,[{DOMAIN}](#a) :smile:", *rows, "<b>bad</b>,1,never,"])
    )
    page.goto(f"{hostile.url}/{UPLOAD.url}")
    settled(page)

    page.set_input_files("input[type=file]", str(file))

    expect(page.get_by_text("91 rows read, 1 set aside.")).to_be_visible(timeout=60_000)
    settled(page)
    expect(page.get_by_text(file.name).filter(visible=True).first).to_be_visible()
    assert _alive(page) == []
    assert told == []
