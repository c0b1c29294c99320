from collections.abc import Callable
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go
import pytest
from playwright.sync_api import Page, expect

from pages.ui.charts import ranked_bars
from pages.ui.figures import as_html
from pages.ui.map_chart import MapLayer, draw_layer, frame_of
from tests.browser.hostile import TITLES

PLACES = pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0], "value": [0, 0], "hover": ["", ""]})


def bars() -> go.Figure:
    return ranked_bars(TITLES[:8], range(8), "Events")


def map_on_webgl() -> go.Figure:
    return draw_layer(MapLayer(PLACES, ("#0072B2",)), frame_of(PLACES), height=300)


@pytest.mark.parametrize(("chart", "drawn"), [(bars, ".bars path"), (map_on_webgl, "canvas.gl-canvas")])
def test_a_saved_chart_is_drawn_and_asks_nobody_for_anything(
    chart: Callable[[], go.Figure], drawn: str, page: Page, tmp_path: Path
) -> None:
    (tmp_path / "chart.html").write_text(as_html(chart(), TITLES[1]), encoding="utf-8")
    asked, said = list[str](), list[str]()
    page.on("request", lambda one: asked.append(one.url) if one.url.startswith(("http", "ws")) else None)
    page.on("console", lambda one: said.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))

    page.goto((tmp_path / "chart.html").as_uri())

    expect(page.locator(drawn).first).to_be_visible()
    assert (
        page.evaluate("document.querySelectorAll('a[href], img').length")
        == page.locator(".modebar a").count()
    )
    assert page.evaluate(
        "[window.hit, document.querySelector('.modebar [data-title*=loud], .modebar-btn--logo')]"
    ) == [None, None]
    reached = page.evaluate("fetch('https://evil.example').then(() => 'yes', error => error.name)")
    assert (reached, asked) == ("TypeError", [])
    assert [text for text in said if "evil.example" not in text] == []
