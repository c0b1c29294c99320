from collections.abc import Callable

from playwright.sync_api import Page, expect

from recsys_core.workspace.workspace import Workspace
from tests.browser.server import Server
from tests.pages.conftest import save_shop
from tests.pages.found import save_found


def test_a_lasso_selects_titles_it_survives_recolouring_and_people_glide_through_the_windows(
    server: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    ws = Workspace.open(server.workspace)
    save_found(ws, save_shop(ws))
    page.goto(f"{server.url}/atlas")
    settled(page)

    draw_around(page, (0.01, 0.01), (0.58, 0.99))  # the five teas lie left of the pots

    expect(page.get_by_text("5 titles selected: 100 % Tea.")).to_be_visible()
    assert greyed(page) == [5, 6, 7, 8]
    page.get_by_test_id("stButtonGroup").get_by_text("3 finer").click()
    expect(page.get_by_text("5 titles selected: 60 % Green tea and 40 % Black tea.")).to_be_visible()
    page.get_by_role("combobox", name="Colour by").click()
    page.get_by_role("option", name="domain").click()
    expect(page.get_by_text("the colour is their domain")).to_be_visible()
    expect(page.get_by_text("5 titles selected: 60 % Green tea and 40 % Black tea.")).to_be_visible()
    page.get_by_role("button", name="Clear selection").click()
    expect(page.get_by_text("Draw around titles on the map")).to_be_visible()

    page.get_by_test_id("stButtonGroup").get_by_text("people over time").click()
    expect(page.get_by_text("Window: 2024-03")).to_be_visible()
    assert places(page) == [6.5, 7.5]
    note_windows(page)
    page.get_by_text("▶ Play").click()
    page.wait_for_function("() => window.playedWindows.at(-1) === '2024-03'", timeout=60_000)
    assert page.evaluate("() => window.playedWindows") == ["2024-01", "2024-03"]
    assert places(page) == [6.5, 7.5]


def draw_around(page: Page, low: tuple[float, float], high: tuple[float, float]) -> None:
    """Lasso a rectangle; corners as fractions of the map's width and height."""
    target = page.locator(".js-plotly-plot .nsewdrag").first
    target.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = target.bounding_box()
    assert box is not None
    corners = [low, (high[0], low[1]), high, (low[0], high[1]), low]
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*places[0])
    page.mouse.down()
    for x, y in places[1:]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def note_windows(page: Page) -> None:
    """From now on keep the windows that are played, in order: each is on the screen for a moment only."""
    page.evaluate(
        """() => {
            window.playedWindows = [];
            document.querySelector(".js-plotly-plot")
                .on("plotly_animatingframe", ({name}) => window.playedWindows.push(name));
        }"""
    )


def places(page: Page) -> list[float]:
    """How far right each point of the map lies."""
    return page.evaluate("() => Array.from(document.querySelector('.js-plotly-plot')._fullData[0].x)")


def greyed(page: Page) -> list[int]:
    """Positions of the points that the figure does not select."""
    selected = page.evaluate(
        "() => Array.from(document.querySelector('.js-plotly-plot')._fullData[0].selectedpoints)"
    )
    return [position for position in range(9) if position not in selected]
