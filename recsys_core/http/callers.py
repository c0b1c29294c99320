"""Who asks over HTTP, and by what they are counted.

Without sign-in whoever is on this machine is its owner, and nobody else gets in. That asks for a host name
that means this machine, too: a page on the web can point a name of its own here (DNS rebinding) and would
then read in the owner's browser what only the owner may. With sign-in a token says who it is.
"""

from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from starlette.requests import Request

from recsys_core.access import OWNER, STRANGER, Actor, Role
from recsys_core.http.home import home
from recsys_core.http.problems import Problem
from recsys_core.http.threads import Threads
from recsys_core.settings import read_settings
from recsys_core.workspace.tokens import find_token

CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="Driftmap"'}
_SITE = 64


@dataclass(frozen=True)
class Caller:
    """``key``: what requests are counted by, the token's number or where they come from."""

    actor: Actor
    key: str

    def check(self, needs: Role) -> None:
        """Raise Problem where the caller has a lower role than ``needs``."""
        if self.actor.role >= needs:
            return
        if not read_settings().sign_in:
            raise Problem(
                HTTPStatus.FORBIDDEN,
                "Without sign-in only this machine may ask, under the name localhost.",
                "Set DRIFTMAP_SIGN_IN=oidc and ask with a token.",
            )
        if self.actor.role is Role.NOBODY:
            remedy = "Send Authorization: Bearer and a token made by driftmap token new."
            raise Problem(HTTPStatus.UNAUTHORIZED, "No valid token came with this.", remedy, CHALLENGE)
        detail = f"{self.actor.name} is {self.actor.role}; this takes the role {needs}."
        raise Problem(HTTPStatus.FORBIDDEN, detail, "Use a token with that role.")


async def caller_of(request: Request, threads: Threads) -> Caller:
    """Whoever asks; a stranger where nothing says who it is."""
    address = _address(request)
    key = _site(address)
    if not read_settings().sign_in:
        here = address is not None and address.is_loopback and _is_local(request.headers.get("host", ""))
        return Caller(OWNER if here else STRANGER, key)
    scheme, _, told = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not told:
        return Caller(STRANGER, key)
    return await threads.run(_of_token, told.strip()) or Caller(STRANGER, key)


def _of_token(told: str) -> Caller | None:
    ws = home()
    found = find_token(ws, told)
    return Caller(found.actor_in(ws), f"token {found.id}") if found else None


def _address(request: Request) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(request.client.host if request.client else "")
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _site(address: IPv4Address | IPv6Address | None) -> str:
    """The address, or the /64 network of it, of which one caller has all addresses."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _SITE), strict=False))
    return str(address)


def _is_local(host: str) -> bool:
    """Whether a Host header means this machine."""
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    try:
        return name.lower() == "localhost" or ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
