from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from recsys_core.http.prepared import Prepared
from recsys_core.http.routes import api_routes
from recsys_core.http.service import Service
from recsys_core.workspace.workspace import Workspace
from tests.recommend.shop import FOOD, KITCHEN, rows_of

Connect = Callable[..., TestClient]


def save_shop(ws: Workspace) -> None:
    """The next version of the tiny shop, in which tea people take cups and coffee people mugs."""
    log = pd.DataFrame(rows_of(), columns=["user_id", "domain", "item_id", "day"])
    log["timestamp"] = pd.to_datetime(log.pop("day"), unit="D", utc=True)
    titles = [(title, "food") for title in FOOD] + [(title, "kitchen") for title in KITCHEN]
    items = pd.DataFrame(titles, columns=["item_id", "domain"])
    ws.save_dataset("shop", log, items.assign(title=items["item_id"], text=items["item_id"]), {})


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A workspace with the tiny shop; tests don't change it."""
    ws = Workspace.open(tmp_path_factory.mktemp("http") / "workspace")
    save_shop(ws)
    return ws


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    """An empty workspace of the test's own."""
    return Workspace.open(tmp_path / "workspace")


@pytest.fixture(scope="session")
def service() -> Service:
    """Shared, since fitting takes seconds; it waits for that as long as it takes."""
    return Service(prepared=Prepared(patience=120))


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Connect:
    """Somebody on this machine who asks a server on a workspace, as often as they like."""
    monkeypatch.setenv("DRIFTMAP_API_PER_MINUTE", "1000000")
    monkeypatch.delenv("DRIFTMAP_SIGN_IN", raising=False)

    def connected(
        root: Path, service: Service, address: str = "127.0.0.1", host: str = "localhost"
    ) -> TestClient:
        monkeypatch.setenv("DRIFTMAP_WORKSPACE", str(root))
        app = Starlette(routes=api_routes(service))
        return TestClient(app, base_url=f"http://{host}", client=(address, 50_000))

    return connected


@pytest.fixture
def client(connect: Connect, shop: Workspace, service: Service) -> TestClient:
    """Somebody on this machine who asks about the tiny shop."""
    return connect(shop.root, service)
