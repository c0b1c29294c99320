import pytest

from recsys_core.address import check_address
from recsys_core.errors import InputError


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "unix:///run/app.sock"]
)
def test_on_this_machine_nobody_has_to_sign_in(address: str) -> None:
    check_address(address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.7", "driftmap.example.org", "", None])
def test_beyond_it_somebody_must_see_to_who_comes_in(
    address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match=r"nobody has to sign in\. Set DRIFTMAP_SIGN_IN=oidc"):
        check_address(address)
    for way in ("oidc", "proxy"):
        monkeypatch.setenv("DRIFTMAP_SIGN_IN", way)
        check_address(address)
