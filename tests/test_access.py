import pytest

from recsys_core import access
from recsys_core.access import OWNER, STRANGER, Actor, Role, acting_as, actor, identify_by, require, role_of
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
    with pytest.raises(InputError, match=r"DRIFTMAP_SIGN_IN is 'on'\. It may be off, oidc or proxy"):
        read_settings()


def test_whoever_the_front_names_asks_where_nobody_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "_FRONTS", [])
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "oidc")
    ada, ben = Actor("ada@example.org", Role.VIEWER), Actor("ben@example.org", Role.ADMIN)
    seen: list[Actor | None] = [None, ada, ada]
    identify_by(lambda: seen.pop(0))

    assert actor() == STRANGER
    assert actor() == ada
    with acting_as(ben):
        assert actor() == ben
    monkeypatch.delenv("DRIFTMAP_SIGN_IN")
    assert actor() == OWNER
    assert seen == [ada]


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("ada@example.org", Role.ADMIN),
        ("Ada@Example.ORG", Role.ADMIN),
        ("ben@example.org", Role.ANALYST),
        ("eve@mallory.net", Role.VIEWER),
        ("eve@mallory.net@example.org", Role.NOBODY),
        ("ben@sub.example.org", Role.NOBODY),
        ("ben@notexample.org", Role.NOBODY),
        ("", Role.NOBODY),
    ],
)
def test_roles_are_told_by_the_address(email: str, role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_ADMINS", " ada@example.org ,")
    monkeypatch.setenv("DRIFTMAP_ANALYSTS", "*@example.org")
    monkeypatch.setenv("DRIFTMAP_VIEWERS", "eve@mallory.net")
    assert role_of(email) is role


def test_everybody_can_be_a_viewer_and_nobody_is_unless_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert role_of("eve@mallory.net") is Role.NOBODY
    monkeypatch.setenv("DRIFTMAP_VIEWERS", "*")
    assert role_of("eve@mallory.net") is Role.VIEWER


@pytest.mark.parametrize("named", ["example.org", "a*@example.org", "*@*.org", "ada example@x.org"])
def test_people_that_are_named_otherwise_are_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRIFTMAP_ADMINS", named)
    with pytest.raises(InputError, match=r"DRIFTMAP_ADMINS holds .* which is no e-mail address"):
        read_settings()
