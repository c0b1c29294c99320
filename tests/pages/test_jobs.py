from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import JOBS
from recsys_core.access import Actor, Role, acting_as
from recsys_core.jobs.failures import Failure
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.record import JobRecord
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import begin

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


@pytest.mark.usefixtures("ws")
def test_without_jobs_it_says_what_will_be_here(open_page: Open, text_of: Text) -> None:
    assert "Nothing has run yet" in text_of(open_page(JOBS))


def test_a_failure_is_said_with_its_remedy_and_can_be_resumed(
    ws: Workspace, open_page: Open, text_of: Text
) -> None:
    job = Ledger(ws).submit("import", {}, "Import shop", "shop")
    begin(ws, job.id).fail(Failure("The disk is full.", "Free some space, then resume the job."))

    at = open_page(JOBS)

    assert "0 running, 0 waiting; last failure: Import shop: The disk is full" in text_of(at).replace(
        "\\", ""
    )
    assert at.error[0].value == "The disk is full. Free some space, then resume the job."
    assert at.button(key=f"resume-{job.id}").label == "Resume"


def test_who_submitted_a_job_is_told_where_it_was_not_the_owner(ws: Workspace, open_page: Open) -> None:
    ledger = Ledger(ws)
    ledger.submit("import", {}, "Import shop", "shop")
    assert "By" not in open_page(JOBS).dataframe[0].value
    with acting_as(Actor("ada@example.org", Role.ANALYST)):
        ledger.submit("import", {}, "Import films", "films")
    assert list(open_page(JOBS).dataframe[0].value["By"]) == ["ada@example.org", "owner of this machine"]


def test_a_waiting_job_can_be_cancelled(ws: Workspace, open_page: Open, text_of: Text) -> None:
    job = Ledger(ws).submit("import", {}, "Import shop", "shop")

    at = open_page(JOBS)
    assert "0 running, 1 waiting; none failed." in text_of(at)
    at.button(key=f"cancel-{job.id}").click().run()

    assert Ledger(ws).job(job.id).status == "cancelled"
    assert "0 running, 0 waiting" in text_of(at)


def test_a_cluster_that_is_away_is_told_with_what_is_lost(
    ws: Workspace, open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_RAY_ADDRESS", "http://127.0.0.1:9")
    job = Ledger(ws).submit("import", {}, "Import shop", "shop")
    JobRecord(ws, job.id).say("Waits for its turn on the Ray cluster.")

    at = open_page(JOBS)

    assert at.warning[0].value.startswith(
        "The Ray cluster at http://127.0.0.1:9 doesn't answer. Background jobs wait until it is back; "
    )
    assert "Waits for its turn on the Ray cluster." in text_of(at)
