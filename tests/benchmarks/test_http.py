"""One recommendation over HTTP from the running app, warm, on a generated log of shop size."""

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import requests

from recsys_core.workspace.workspace import Workspace
from tests.browser.server import Server

USERS, ITEMS = 7_000, {"books": 12_000, "films": 16_000}
REQUESTS = 200


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Server]:
    """The app on a workspace with the log, without a limit worth the name."""
    _save_shop(Workspace.open(tmp_path / "workspace"))
    server = Server(tmp_path / "workspace")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DRIFTMAP_API_PER_MINUTE", "1000000")
        server.start()
    yield server
    server.kill()


def test_one_recommendation_in_fifty_milliseconds(app: Server) -> None:
    session = requests.Session()
    print(f"\nprepared in {_prepare(session, app.url):.0f} s")
    asked = {
        "user": [{"user": str(user)} for user in range(REQUESTS)],
        "items": [{"items": f"{item},{item + 1}"} for item in range(REQUESTS)],
        "text": [{"text": f"Title {number} or {number + 1}"} for number in range(REQUESTS)],
    }
    for name, queries in asked.items():
        took = [_milliseconds(session, app.url, query) for query in queries]
        half, most = np.percentile(took, [50, 95])
        print(f"{name}: p50 {half:.0f} ms, p95 {most:.0f} ms (wanted 50)")
    alive = [_milliseconds(session, app.url, {}, "/healthz") for _ in range(REQUESTS)]
    print(f"healthz: p50 {np.percentile(alive, 50):.1f} ms")


def _prepare(session: requests.Session, url: str) -> float:
    began = time.perf_counter()
    while _ask(session, url, {"text": "Title 1"}).status_code == 503:
        time.sleep(1)
    return time.perf_counter() - began


def _milliseconds(
    session: requests.Session, url: str, query: dict[str, str], path: str = "/api/recommendations"
) -> float:
    began = time.perf_counter()
    answer = _ask(session, url, query, path)
    took = 1000 * (time.perf_counter() - began)
    assert answer.status_code == 200, answer.text
    return took


def _ask(
    session: requests.Session, url: str, query: dict[str, str], path: str = "/api/recommendations"
) -> requests.Response:
    whole = {"dataset": "bench", "domain": "films"} | query if query else {}
    return session.get(url + path, params=whole, timeout=60)


def _save_shop(ws: Workspace) -> None:
    rng = np.random.default_rng(0)
    frames = []
    for domain, n_items in ITEMS.items():
        taste = rng.integers(20, size=USERS)
        user = np.repeat(np.arange(USERS), 12)
        item = (taste[user] * (n_items // 20) + (rng.pareto(1.0, len(user)) * 10).astype(int)) % n_items
        ids = {"user_id": user.astype(str), "item_id": item.astype(str), "domain": domain}
        frames.append(pd.DataFrame(ids))
    log = pd.concat(frames, ignore_index=True)
    log["timestamp"] = pd.to_datetime(
        rng.integers(1_600_000_000, 1_700_000_000, len(log)), unit="s", utc=True
    )
    told = [(str(n), domain, f"Title {n}") for domain, count in ITEMS.items() for n in range(count)]
    items = pd.DataFrame(told, columns=["item_id", "domain", "title"])
    ws.save_dataset("bench", log, items.assign(text=items["title"]), {})
