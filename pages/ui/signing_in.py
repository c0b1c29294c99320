"""Who looks at the pages: signed in by Streamlit's own sign-in, with the role that they have in the workspace
in use.

Scripts, callbacks and fragments run in threads of Streamlit's, so who asks is told from the session at each
call (``signed_in`` is given to ``identify_by``), never set for a thread.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.util import find_spec
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.ui.phrases import plain
from pages.ui.workspaces import asker, home, workspace
from recsys_core.access import STRANGER, Actor, Role, actor, person, require
from recsys_core.errors import AccessError, DriftmapError
from recsys_core.settings import read_settings
from recsys_core.workspace.auditing import come_in
from recsys_core.workspace.membership import standing
from recsys_core.workspace.workspace import Workspace

_CAME_IN = "came-in"
NOT_CONFIGURED = (
    "Nobody can sign in yet: DRIFTMAP_SIGN_IN is oidc, but no provider is configured. Add `[auth]` with "
    "`redirect_uri`, `cookie_secret`, `client_id`, `client_secret` and `server_metadata_url` to "
    "`.streamlit/secrets.toml` in the folder that the app is started from, then start it again."
)
NOT_INSTALLED = (
    "Nobody can sign in yet: the packages for it are missing. Install `driftmap[signin]`, then start the app "
    "again."
)
SECRET_LENGTH = 32
SHORT_SECRET = (
    f"Nobody is let in: `cookie_secret` in `.streamlit/secrets.toml` has fewer than {SECRET_LENGTH} "
    "characters, so a session could be forged. Put in what `openssl rand -hex 32` prints, then start the app "
    "again."
)
SEVERAL_TRUSTED = (
    "Nobody is let in: `DRIFTMAP_TRUSTED_CLAIM` trusts a provider to give out addresses, but several are "
    "configured, and any of them could give out those of another. Leave one."
)
UNVERIFIED = (
    "Your provider does not say that your e-mail address is verified (`email_verified`), so it can't be gone "
    "by. Verify it there, then sign in again; if the provider never says so, whoever runs this Driftmap may "
    "name a claim to be trusted instead (`DRIFTMAP_TRUSTED_CLAIM`)."
)


def signed_in() -> Actor | None:
    """Whoever signed in in the session that runs now; None where nobody did, or outside of a page."""
    if get_script_run_ctx(suppress_warning=True) is None or not st.user.get("is_logged_in"):
        return None
    claim = read_settings().trusted_claim or "email"
    email = str(st.user.get(claim) or "").strip().casefold()
    if email and _is_verified():
        return person(email)
    return Actor(email or "somebody without an e-mail address", Role.NOBODY)


def may(role: Role) -> bool:
    """Whether whoever looks has this role in the workspace in use."""
    return asker().role >= role


def allowed(role: Role, *, disabled: bool = False, help: str | None = None) -> dict[str, Any]:
    """``disabled`` and ``help`` of a widget: as given for those with ``role``, else it says what it takes."""
    has = asker().role
    if has >= role:
        return {"disabled": disabled, "help": help}
    return {"disabled": True, "help": f"That takes the role {role}; yours is {has}."}


def while_admitted(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """``make`` for a file that is made when it is asked for, outside of the session: only while whoever looks
    now still has a role in the workspace in use now. Raises AccessError.
    """
    asks, engine = actor(), workspace().engine

    def made() -> bytes:
        require(Role.VIEWER, "take this away", standing(engine, asks))
        return make()

    return made


def admitted() -> bool:
    """Whether whoever looks may see the pages. Where not, what they can do is on the page."""
    try:
        if not read_settings().sign_in:
            return True
        auth, asks = _auth(), asker()
        problem = _problem(auth)
        if not problem and asks.role >= Role.VIEWER:
            return True
    except DriftmapError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return False
    st.title("Driftmap", anchor=False)
    if problem:
        st.error(problem, icon=":material/error:")
    elif asks == STRANGER:
        _offer_sign_in(auth)
    else:
        _turn_away(asks)
    return False


def welcome(ws: Workspace) -> None:
    """Write down that whoever signed in came in; in the sidebar: who that is, their role, and the way out."""
    if read_settings().sign_in:
        _come_in_once(ws)
        with st.sidebar:
            asks = asker()
            st.text(f"{asks.name} · {asks.role}")  # Markdown would make a link of it
            _sign_out_button()


def _problem(auth: Mapping[str, Any]) -> str:
    """Why nobody may be let in, "" where all is well."""
    if find_spec("authlib") is None:
        return NOT_INSTALLED
    if "client_id" not in auth and not _providers(auth):
        return NOT_CONFIGURED
    if read_settings().trusted_claim and len(_providers(auth)) + ("client_id" in auth) > 1:
        return SEVERAL_TRUSTED
    return "" if len(str(auth.get("cookie_secret", ""))) >= SECRET_LENGTH else SHORT_SECRET


def _auth() -> Mapping[str, Any]:
    there = st.secrets.load_if_toml_exists() and "auth" in st.secrets
    return st.secrets["auth"] if there else {}


def _providers(auth: Mapping[str, Any]) -> list[str]:
    return [name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value]


def _offer_sign_in(auth: Mapping[str, Any]) -> None:
    st.markdown("Sign in to see this Driftmap.")
    labels = {"Sign in": ()} if "client_id" in auth else {}
    labels |= {f"Sign in with {plain(name)}": (name,) for name in _providers(auth)}
    for label, named in labels.items():
        st.button(label, type="primary", icon=":material/login:", on_click=st.login, args=named)


def _turn_away(asks: Actor) -> None:
    with suppress(AccessError):  # said below; this writes it into the audit
        _come_in_once(home())
    without_role = (
        f"You are signed in as {plain(asks.name)}, who has no role in this Driftmap. Ask whoever runs it for "
        "one, or sign in as somebody else."
    )
    st.warning(without_role if _is_verified() else UNVERIFIED, icon=":material/lock:")
    _sign_out_button()


def _come_in_once(ws: Workspace) -> None:
    """Write into the audit, once a session, who came in or was turned away. Raises AccessError."""
    came = (asker(), ws.root)
    if came not in st.session_state.setdefault(_CAME_IN, set()):
        st.session_state[_CAME_IN].add(came)
        come_in(ws)


def _sign_out_button() -> None:
    st.button("Sign out", icon=":material/logout:", key="sign-out", on_click=st.logout)


def _is_verified() -> bool:
    """Whether the provider says so; where a claim is trusted, whether it does not say that it isn't."""
    said = st.user.get("email_verified")
    if said is None and read_settings().trusted_claim:
        return True
    return str(said).casefold() == "true"
