import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace
from tests.browser.server import Server


def wait_for(ledger: Ledger, job: Job, fits: Callable[[Job], bool], seconds: float = 60) -> Job:
    end = time.monotonic() + seconds
    while not fits(now := ledger.job(job.id)):
        assert time.monotonic() < end, now
        time.sleep(0.1)
    return now


@pytest.mark.timeout(300)
def test_a_job_goes_on_after_the_server_is_killed_and_restarted(
    server: Server, page: Page, settled: Callable[[Page], None]
) -> None:
    page.goto(server.url)
    settled(page)
    page.get_by_role("button", name="Load the demo").click()
    expect(page.get_by_role("button", name="Cancel").first).to_be_visible()
    ledger = Ledger(Workspace.open(server.workspace))
    job = wait_for(ledger, ledger.jobs()[0], lambda job: job.status is Status.RUNNING)

    server.kill()
    told = len(ledger.events(job.id))
    alive = wait_for(ledger, job, lambda _: len(ledger.events(job.id)) > told)
    server.start()
    page.goto(f"{server.url}/jobs")
    settled(page)

    assert alive.status is Status.RUNNING
    expect(page.get_by_text("1 running, 0 waiting")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    assert wait_for(ledger, job, lambda job: job.ended).status is Status.CANCELLED
    expect(page.get_by_text("0 running, 0 waiting")).to_be_visible()
