import pytest

from recsys_core.access import Actor, Role, acting_as, actor, require
from recsys_core.errors import AccessError, InputError
from recsys_core.settings import read_settings


def test_without_sign_in_the_owner_may_do_all() -> None:
    assert require(Role.ADMIN, "delete a dataset").role is Role.ADMIN


def test_with_sign_in_whoever_is_not_named_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    with pytest.raises(AccessError, match="Nobody signed in may not see this: that takes the role viewer"):
        require(Role.VIEWER, "see this")


@pytest.mark.parametrize("has", list(Role))
@pytest.mark.parametrize("needs", list(Role))
def test_a_role_includes_the_lower_ones(has: Role, needs: Role) -> None:
    with acting_as(Actor("ada@example.org", has)):
        if has >= needs:
            assert require(needs, "do this").name == "ada@example.org"
        else:
            with pytest.raises(AccessError, match=f"takes the role {needs}"):
                require(needs, "do this")


def test_acting_ends_with_its_block_whatever_happens_in_it() -> None:
    before = actor()
    with pytest.raises(ZeroDivisionError), acting_as(Actor("ada@example.org", Role.VIEWER)):
        _ = 1 / 0
    assert actor() == before


def test_a_way_to_sign_in_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "on")
    with pytest.raises(InputError, match=r"DRIFTMAP_SIGN_IN is 'on'\. It may be off or oidc"):
        read_settings()
