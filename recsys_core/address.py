"""Where the app listens: beyond this machine only where people sign in."""

from ipaddress import ip_address

from recsys_core.errors import InputError
from recsys_core.settings import read_settings


def check_address(address: str | None) -> None:
    """Raise InputError where other machines could reach the app at ``address`` (None: at any) and nobody
    would have to sign in.
    """
    settings = read_settings()
    if settings.sign_in or settings.behind_proxy or _is_local(address or ""):
        return
    raise InputError(
        f"The app would listen on {address or 'every address of this machine'}, where others can reach it, "
        "and nobody has to sign in.",
        "Set DRIFTMAP_SIGN_IN=oidc and say who may come in (see the README), or DRIFTMAP_SIGN_IN=proxy where "
        "a proxy in front sees to that, or listen on 127.0.0.1.",
    )


def _is_local(address: str) -> bool:
    if address == "localhost" or address.startswith("unix://"):
        return True
    try:
        return ip_address(address.strip("[]")).is_loopback
    except ValueError:  # a name that may be anywhere
        return False
