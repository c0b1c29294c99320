from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import HOME, Place
from recsys_core.jobs import trial
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.record import JobRecord
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace

FRAME = Path(__file__).parents[2] / "pages" / "frame.py"
AUTH = {"client_id": "driftmap", "redirect_uri": "http://127.0.0.1/oauth2callback", "cookie_secret": "s" * 32}


@pytest.fixture
def ws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty workspace that the pages use."""
    root = tmp_path / "workspace"
    monkeypatch.setenv("DRIFTMAP_WORKSPACE", str(root))
    monkeypatch.setattr(trial, "_start", lambda *_: None)
    return Workspace.open(root)


@pytest.fixture
def shop(ws: Workspace) -> DatasetInfo:
    """Two domains, 60 users: all of them in food, the first 55 also in kitchen."""
    return save_shop(ws)


def save_shop(ws: Workspace, name: str = "shop", in_kitchen: int = 55) -> DatasetInfo:
    rows = []
    for user in range(60):
        for month in range(1, 4):
            rows.append((f"u{user:02}", f"f{(user + month) % 5}", "food", f"2024-0{month}-10T12:00:00Z"))
        if user < in_kitchen:
            rows.append((f"u{user:02}", f"k{user % 4}", "kitchen", "2024-03-11T12:00:00Z"))
    log = pd.DataFrame(rows, columns=["user_id", "item_id", "domain", "timestamp"])
    log["timestamp"] = pd.to_datetime(log["timestamp"], utc=True)
    log["event"], log["weight"] = "", pd.Series(1.0, index=log.index, dtype="float32")
    titles = {f"f{i}": ("food", f"Tea {i}") for i in range(5)} | {
        f"k{i}": ("kitchen", f"Pot {i}") for i in range(4)
    }
    items = pd.DataFrame(
        [(item, domain, title, title) for item, (domain, title) in titles.items()],
        columns=["item_id", "domain", "title", "text"],
    )
    return ws.save_dataset(name, log, items, {})


def begin(ws: Workspace, job_id: int) -> JobRecord:
    """Claims a queued job for this process, as a worker does."""
    record = JobRecord(ws, job_id)
    assert record.attach(process_id())
    assert record.claim(process_id())
    return record


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    """Opens a page inside the frame, as a link with ``query`` would."""

    def opened(place: Place, **query: str) -> AppTest:
        at = AppTest.from_file(str(FRAME), default_timeout=120)
        at.query_params.update(query)
        at.run()
        if place is not HOME:
            at.switch_page(place.path).run()
        assert not at.exception, at.exception[0].message
        return at

    return opened


@pytest.fixture
def text_of() -> Callable[[AppTest], str]:
    """Everything that is written on the page, one element a line."""

    def text(at: AppTest) -> str:
        kinds = (at.title, at.markdown, at.caption, at.error, at.warning, at.info, at.success)
        return "\n".join(str(element.value) for kind in kinds for element in kind)

    return text


@pytest.fixture
def signed_in(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Opens a page in the frame for somebody of that name whom the provider knows; the name is the role."""
    del ws
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    for role in ("ADMIN", "ANALYST", "VIEWER"):
        monkeypatch.setenv(f"DRIFTMAP_{role}S", f"{role.lower()}@example.org")

    def opened(name: str, place: Place = HOME, *, workspace: str = "", **claims: object) -> AppTest:
        at = AppTest.from_file(str(FRAME), default_timeout=120)
        at.secrets["auth"] = AUTH
        if name:
            known = {"is_logged_in": True, "email": f"{name.title()}@example.org", "email_verified": True}
            at.user = known | claims
        if workspace:
            at.query_params["workspace"] = workspace
        at.run()
        if place is not HOME:
            at.switch_page(place.path).run()
        assert not at.exception, at.exception[0].message
        return at

    return opened
