import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from recsys_core.access import OWNER, acting_as
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.audit import entries
from recsys_core.workspace.workspace import Workspace
from tests.browser.forging import press
from tests.browser.provider import Provider, sign_in, sign_out
from tests.browser.server import Server


@pytest.fixture
def team(provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The app for a team: an analyst and a viewer have a role, others have none."""
    monkeypatch.setenv("DRIFTMAP_ANALYSTS", "analyst@example.org")
    monkeypatch.setenv("DRIFTMAP_VIEWERS", "viewer@example.org")
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    with provider.app(tmp_path / "workspace") as server:
        yield server


def test_people_sign_in_see_what_their_role_allows_and_sign_out(
    team: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    queued = Workspace.open(team.workspace)
    with acting_as(OWNER):
        Ledger(queued).submit("demo", {}, "Load the demo")  # nobody works on it

    page.goto(f"{team.url}/jobs")  # a deep link shows no page either
    expect(page.get_by_text("Sign in to see this Driftmap.")).to_be_visible()
    expect(page.get_by_role("link", name="Jobs")).to_have_count(0)

    sign_in(page, "stranger")
    expect(page.get_by_text("who has no role in this Driftmap")).to_be_visible()
    expect(page.get_by_role("link", name="Jobs")).to_have_count(0)
    sign_out(page)

    sign_in(page, "viewer")
    settled(page)
    expect(page.get_by_text("viewer@example.org · viewer")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_be_disabled()
    expect(page.get_by_role("link", name="Audit")).to_have_count(0)
    page.get_by_role("link", name="Upload", exact=True).click()
    expect(page.get_by_text("Importing takes the role analyst; yours is viewer.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Import"))).to_have_count(0)

    press(page.context, team.url, "jobs", "Cancel")
    assert status(team) is Status.QUEUED
    sign_out(page)

    sign_in(page, "analyst")
    settled(page)
    expect(page.get_by_role("button", name="Cancel")).to_be_enabled()
    press(page.context, team.url, "jobs", "Cancel")
    assert status(team) is Status.CANCELLED

    told = [(e.who.partition("@")[0], e.what, e.outcome) for e in reversed(entries(queued.engine))]
    assert [one for one in told if one[0] != OWNER.name] == [
        ("stranger", "come in", "refused"),
        ("viewer", "come in", "done"),
        ("viewer", "come in", "done"),  # the client that forges
        ("analyst", "come in", "done"),
        ("analyst", "come in", "done"),
        ("analyst", "cancel a job", "done"),
    ]


def status(team: Server) -> Status:
    with acting_as(OWNER):
        return Ledger(Workspace.open(team.workspace)).job(1).status


def test_it_does_not_start_where_anybody_could_reach_it_and_nobody_signs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMLIT_SERVER_ADDRESS", "0.0.0.0")

    with pytest.raises(AssertionError, match=r"would listen on 0\.0\.0\.0, where others can reach it"):
        Server(tmp_path / "workspace").start()
