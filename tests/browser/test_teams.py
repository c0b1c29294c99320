from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from recsys_core.access import OWNER, Role, acting_as
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.members import add_member, remove_member
from recsys_core.workspace.tokens import new_token
from recsys_core.workspace.workspace import Workspace
from tests.browser.forging import labels, press
from tests.browser.provider import Provider, sign_in
from tests.browser.server import Server
from tests.pages.conftest import save_shop

ANALYST, VIEWER = "analyst@example.org", "viewer@example.org"


def founded(root: Path, admin: str) -> Workspace:
    """A workspace of ``admin``, with a dataset and a job that nobody works on."""
    ws = Workspace.open(root)
    save_shop(ws, f"shop of {root.name}")
    Ledger(ws).submit("demo", {}, f"A job of {root.name}")
    for person in (admin, "lead@example.org"):
        add_member(ws, person, Role.ADMIN)
    return ws


@pytest.fixture
def two(provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server with two workspaces, ``ours`` of the analyst, which it is started on, and ``theirs`` of the
    viewer.
    """
    founded(tmp_path / "ours", ANALYST)
    founded(tmp_path / "theirs", VIEWER)
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    with provider.app(tmp_path / "ours") as server:
        yield server


def test_nobody_of_one_team_gets_at_the_workspace_of_another(
    two: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    main, ours, theirs = page.locator("[data-testid=stMain]"), two.workspace, two.workspace.parent / "theirs"

    page.goto(f"{two.url}/jobs?workspace=ours")
    sign_in(page, "viewer")
    seen = []
    for name in ("ours", "no-such"):
        page.goto(f"{two.url}/jobs?workspace={name}")
        settled(page)
        expect(page.get_by_text("viewer@example.org · admin")).to_be_visible()
        expect(page.get_by_text("A job of theirs").first).to_be_visible()
        seen.append(main.inner_text())
    assert seen[0] == seen[1]
    assert "ours" not in page.locator("body").inner_text()
    assert labels(page.context, two.url, "jobs", "workspace=ours").count("Cancel") == 1
    press(page.context, two.url, "jobs", "Cancel", "workspace=ours")
    assert status(theirs) is Status.CANCELLED
    assert status(ours) is Status.QUEUED

    assert [asked(page, two, root) for root in (ours, theirs)] == [404, 401]

    page.get_by_role("link", name="Coverage").click()
    settled(page)
    with acting_as(OWNER):
        remove_member(Workspace.open(theirs), VIEWER)
    page.get_by_role("link", name="Audit").click()
    expect(page.get_by_text("who has no role in this Driftmap")).to_be_visible()
    expect(page.get_by_role("link", name="Audit")).to_have_count(0)


def status(root: Path) -> Status:
    with acting_as(OWNER):
        return Ledger(Workspace.open(root)).job(1).status


def asked(page: Page, server: Server, root: Path) -> int:
    """What the API answers who asks for a dataset that is in no workspace, with a token of ``root``."""
    with acting_as(OWNER):
        _, token = new_token(Workspace.open(root), "report", Role.VIEWER)
    path = "/api/recommendations?dataset=none&domain=food&user=u01"
    return page.request.get(f"{server.url}{path}", headers={"Authorization": f"Bearer {token}"}).status
