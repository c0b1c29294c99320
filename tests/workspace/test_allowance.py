import pytest

from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import AccessError, InputError
from recsys_core.workspace.allowance import admit_upload
from recsys_core.workspace.workspace import Workspace

ADA, BEN = (Actor(f"{name}@example.org", Role.ANALYST) for name in ("ada", "ben"))


def test_one_person_may_upload_so_much_a_day(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    monkeypatch.setenv("DRIFTMAP_MAX_UPLOADS_MB_DAY", "3")
    with acting_as(ADA):
        admit_upload(ws, 2_000_000)
        said = r"These 1\.5 MB and the 2\.0 MB that you sent in the last 24 hours are more than the 3 MB"
        with pytest.raises(InputError, match=said):
            admit_upload(ws, 1_500_000)
        admit_upload(ws, 1_000_000)
    with acting_as(BEN):
        admit_upload(ws, 1_500_000)
    with acting_as(Actor("vic@example.org", Role.VIEWER)), pytest.raises(AccessError, match="upload a file"):
        admit_upload(ws, 1)


def test_without_sign_in_there_is_no_limit(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_MAX_UPLOADS_MB_DAY", "1")
    admit_upload(ws, 5_000_000)
