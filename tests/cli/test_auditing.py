import json

import psutil
import pytest

from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import AccessError
from recsys_core.jobs.ledger import Ledger

ME = psutil.Process().username()


def test_the_command_line_acts_as_the_user_of_this_machine_with_sign_in_too(driftmap, ws, monkeypatch):
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    with acting_as(Actor("ada@example.org", Role.ANALYST)):
        job = Ledger(ws).submit("count", {}, "Count")
    with acting_as(Actor("vic@example.org", Role.VIEWER)), pytest.raises(AccessError):
        Ledger(ws).request_cancel(job.id)
    assert driftmap("jobs", "cancel", job.id)[0] == 0

    code, out, _ = driftmap("audit", "--json")

    told = [(e["who"], e["role"], e["what"], e["target"], e["outcome"]) for e in json.loads(out)["entries"]]
    assert (code, told) == (
        0,
        [
            (ME, "admin", "cancel a job", "1", "done"),
            ("vic@example.org", "viewer", "cancel a job", "1", "refused"),
            ("ada@example.org", "analyst", "submit a job", "Count", "done"),
        ],
    )


def test_the_audit_is_narrowed_and_read_by_people(driftmap, ws):
    assert driftmap("audit")[1] == "Nothing was done yet that fits.\n"
    Ledger(ws).submit("count", {}, "Count")
    heads, row = driftmap("audit", "--what", "SUBMIT")[1].splitlines()
    assert heads.split()[:2] == ["when", "(UTC)"]
    assert row.endswith("submit a job  Count            done")
    for filters in (("--who", "nobody"), ("--what", "forget"), ("--since", "2100-01-01")):
        assert driftmap("audit", *filters)[1] == "Nothing was done yet that fits.\n"
    assert driftmap("audit", "--since", "yesterday")[0] == 2
