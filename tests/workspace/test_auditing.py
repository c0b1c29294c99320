import pytest

from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import AccessError
from recsys_core.pipeline import read_audit
from recsys_core.workspace.workspace import Workspace


def test_only_an_admin_reads_the_audit(ws: Workspace) -> None:
    with (
        acting_as(Actor("ada@example.org", Role.ANALYST)),
        pytest.raises(AccessError, match="may not read the audit"),
    ):
        read_audit(ws)
    with acting_as(Actor("ann@example.org", Role.ADMIN)):
        (entry,) = read_audit(ws, who="ada")
    assert (entry.what, entry.outcome) == ("read the audit", "refused")
