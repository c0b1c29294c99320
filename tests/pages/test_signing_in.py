from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.phrases import plain
from pages.ui.places import AUDIT, FINETUNE, JOBS, RUNS, UPLOAD
from pages.ui.signing_in import NOT_CONFIGURED, SEVERAL_TRUSTED, SHORT_SECRET, UNVERIFIED, while_admitted
from recsys_core.access import OWNER, Role, acting_as, person
from recsys_core.errors import AccessError
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.audit import entries
from recsys_core.workspace.members import add_member, remove_member
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import AUTH

AsRole = Callable[..., AppTest]


def labels(at: AppTest) -> list[str]:
    return [button.label for button in at.button]


def outcomes(ws: Workspace) -> list[tuple[str, str, str]]:
    return [(e.who.partition("@")[0], e.what, e.outcome) for e in reversed(entries(ws.engine))]


@pytest.mark.usefixtures("shop")
def test_nobody_sees_anything_before_signing_in(signed_in: AsRole, text_of: Callable[[AppTest], str]) -> None:
    at = signed_in("")

    assert labels(at) == ["Sign in"]
    assert text_of(at) == "Driftmap\nSign in to see this Driftmap."
    assert list(at.sidebar.selectbox) == []


@pytest.mark.usefixtures("shop")
def test_somebody_without_a_role_sees_a_sentence_and_the_way_out(
    ws: Workspace, signed_in: AsRole, text_of: Callable[[AppTest], str]
) -> None:
    at = signed_in("stranger")
    at.run()

    assert labels(at) == ["Sign out"]
    assert f"You are signed in as {plain('stranger@example.org')}, who has no role in" in text_of(at)
    assert list(at.sidebar.selectbox) == []
    assert outcomes(ws)[-1] == ("stranger", "come in", "refused")
    assert len([one for one in outcomes(ws) if one[0] == "stranger"]) == 1  # once a session


@pytest.mark.parametrize(
    "said", [{"email_verified": False}, {"email_verified": None}, {"email_verified": "no"}]
)
def test_an_address_that_is_not_verified_gives_no_role(
    said: dict[str, object], signed_in: AsRole, text_of: Callable[[AppTest], str]
) -> None:
    at = signed_in("admin", **said)

    assert labels(at) == ["Sign out"]
    assert UNVERIFIED in text_of(at)


@pytest.mark.parametrize(
    ("said", "inside"),
    [
        ({"email_verified": None, "upn": "Admin@example.org", "email": "eve@mallory.net"}, True),
        ({"email_verified": False, "upn": "admin@example.org"}, False),
        ({"email_verified": True, "email": "admin@example.org"}, False),
    ],
)
def test_a_claim_that_is_trusted_has_the_address(
    said: dict[str, object], inside: bool, signed_in: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_TRUSTED_CLAIM", "upn")
    at = signed_in("stranger", **said)

    assert ("admin@example.org · admin" in [text.value for text in at.sidebar.text]) is inside


def test_no_claim_is_trusted_where_there_are_several_providers(
    signed_in: AsRole, text_of: Callable[[AppTest], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_TRUSTED_CLAIM", "upn")
    monkeypatch.setitem(AUTH, "keycloak", {"client_id": "a"})

    assert SEVERAL_TRUSTED in text_of(signed_in("admin", upn="admin@example.org"))


def test_a_file_that_is_made_later_is_made_only_while_there_is_a_role(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    with acting_as(OWNER):
        for email, role in (("ada@example.org", Role.ADMIN), ("ben@example.org", Role.VIEWER)):
            add_member(ws, email, role)
    with acting_as(person("ben@example.org")):
        make = while_admitted(lambda: b"rows")
    assert make() == b"rows"

    with acting_as(OWNER):
        remove_member(ws, "ben@example.org")
    with pytest.raises(AccessError, match="may not take this away"):
        make()


def test_what_is_missing_before_anybody_can_sign_in_is_said(
    signed_in: AsRole, text_of: Callable[[AppTest], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(AUTH, "client_id")
    at = signed_in("")

    assert labels(at) == []
    assert NOT_CONFIGURED in text_of(at)


def test_nobody_is_let_in_where_a_session_could_be_forged(
    signed_in: AsRole, text_of: Callable[[AppTest], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(AUTH, "cookie_secret", "xxx")
    at = signed_in("admin")

    assert labels(at) == []
    assert SHORT_SECRET in text_of(at)


def test_each_of_several_providers_has_its_button(signed_in: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(AUTH, "client_id")
    monkeypatch.setitem(AUTH, "keycloak", {"client_id": "a"})
    monkeypatch.setitem(AUTH, "google", {"client_id": "b"})

    assert labels(signed_in("")) == ["Sign in with keycloak", "Sign in with google"]


@pytest.mark.usefixtures("shop")
def test_a_viewer_sees_what_there_is_and_is_offered_nothing_that_changes_it(
    ws: Workspace, signed_in: AsRole, text_of: Callable[[AppTest], str]
) -> None:
    ws_runs(ws)

    upload = signed_in("viewer", UPLOAD)
    assert "Importing takes the role analyst; yours is viewer." in text_of(upload)
    assert labels(upload) == ["Sign out"]
    assert "viewer@example.org · viewer" in [text.value for text in upload.sidebar.text]
    runs = signed_in("viewer", RUNS)
    for key in ("use-run", "again-run", "rename-run", "delete-run"):
        assert runs.button(key=key).disabled
        assert "That takes the role" in runs.button(key=key).help
    assert signed_in("viewer", FINETUNE).button(key="finetune-start").disabled


@pytest.mark.usefixtures("shop")
def test_a_role_counts_when_something_is_asked_for_in_callbacks_of_fragments_too(
    ws: Workspace, signed_in: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    with acting_as(OWNER):
        job = Ledger(ws).submit("count", {}, "Count", "shop")
    at = signed_in("analyst", JOBS)
    monkeypatch.setenv("DRIFTMAP_ANALYSTS", "")  # taken away while the page is open
    monkeypatch.setenv("DRIFTMAP_VIEWERS", "analyst@example.org")

    at.button(key=f"cancel-{job.id}").click().run()

    (toast,) = at.toast
    told = "Analyst@example.org may not cancel a job: that takes the role analyst (yours: viewer)"
    assert plain(told) in toast.value
    with acting_as(OWNER):
        assert Ledger(ws).job(job.id).status is Status.QUEUED
    monkeypatch.setenv("DRIFTMAP_ANALYSTS", "analyst@example.org")
    at.run()
    at.button(key=f"cancel-{job.id}").click().run()
    with acting_as(OWNER):
        assert Ledger(ws).job(job.id).status is Status.CANCELLED
    assert [one for one in outcomes(ws) if one[1] == "cancel a job"] == [
        ("analyst", "cancel a job", "refused"),
        ("analyst", "cancel a job", "done"),
    ]


@pytest.mark.usefixtures("shop")
def test_only_an_admin_deletes_and_reads_the_audit(
    ws: Workspace, signed_in: AsRole, text_of: Callable[[AppTest], str]
) -> None:
    ws_runs(ws)
    assert signed_in("analyst", RUNS).button(key="delete-run").disabled
    assert not signed_in("admin", RUNS).button(key="delete-run").disabled

    at = signed_in("admin", AUDIT)
    assert list(at.dataframe[0].value["What"])[:2] == ["come in", "come in"]
    at.text_input(key="audit-who").input("analyst").run()
    assert set(at.dataframe[0].value["Who"]) == {"analyst@example.org"}
    refused = signed_in("analyst", AUDIT)
    assert "This page takes the role admin; yours in this workspace is analyst." in text_of(refused)
    assert not refused.dataframe


def ws_runs(ws: Workspace) -> None:
    with acting_as(OWNER):
        first, second = (ws.new_run("shop", 1, {"mode": "head", "seed": seed}) for seed in (1, 2))
        for run in (first, second):
            ws.finish_run(run.id, {"validation_ndcg@10": 0.1})


def test_more_than_one_person_may_send_in_a_day_is_not_taken(
    signed_in: AsRole, text_of: Callable[[AppTest], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_MAX_UPLOADS_MB_DAY", "1")
    at = signed_in("analyst", UPLOAD)
    log = b"user_id,item_id,timestamp\nana,tea,2024-03-01\n"

    at.file_uploader[0].upload("big.csv", b"x" * 1_500_000).upload("small.csv", log).run()

    assert "big.csv was not taken. These 1.5 MB and the 0.0 MB that you sent" in text_of(at).replace("\\", "")
    assert "Remove this file" in labels(at)
