"""What admins do with the team of a workspace: add, give another role, remove; and make a workspace."""

from collections.abc import Callable, Sequence

import streamlit as st

from pages.ui.phrases import plain
from pages.ui.workspaces import WORKSPACE, home
from recsys_core import pipeline
from recsys_core.access import Role, actor
from recsys_core.errors import DriftmapError
from recsys_core.settings import read_settings
from recsys_core.workspace.members import Member
from recsys_core.workspace.workspace import Workspace

ROLES = (Role.VIEWER, Role.ANALYST, Role.ADMIN)
MAY = {
    Role.VIEWER: "sees, exports and asks for recommendations",
    Role.ANALYST: "imports, fine-tunes, computes and names as well",
    Role.ADMIN: "deletes, forgets people, reads the audit and sees to the team as well",
}
_PROBLEM = "team-problem"


def told() -> None:
    """Why the last change was not made, if it was not."""
    if problem := st.session_state.pop(_PROBLEM, ""):
        st.error(plain(problem), icon=":material/error:")


def add_form(ws: Workspace, *, first: bool) -> None:
    """Somebody new; the ``first`` one of a team is its admin."""
    st.markdown("#### Begin a team" if first else "#### Add somebody")
    roles = (Role.ADMIN,) if first else ROLES
    with st.form("team-add", clear_on_submit=False, border=True):
        who, what = st.columns([2, 1])
        who.text_input("E-mail address", key="team-new", placeholder="ada@example.org or *@example.org")
        what.selectbox("Role", roles, format_func=str, key="team-new-role", help=_roles_told())
        st.form_submit_button("Add", type="primary", icon=":material/person_add:", on_click=_add, args=(ws,))


def change_form(ws: Workspace, members: Sequence[Member]) -> None:
    """Another role for a member, or none."""
    st.markdown("#### Change or remove")
    by_person = {member.person: member for member in members}
    with st.container(border=True):
        who, what = st.columns([2, 1])
        chosen = who.selectbox("Member", list(by_person), key="team-member")
        member = by_person[chosen]
        role = what.selectbox(
            "New role",
            ROLES,
            index=ROLES.index(member.role),
            format_func=str,
            key=f"team-role-{member.person}-{member.role}",
            help=_roles_told(),
        )
        with st.container(horizontal=True):
            st.button(
                "Save the role",
                key="team-save",
                icon=":material/save:",
                disabled=role == member.role,
                on_click=_try,
                args=(lambda: pipeline.change_member(ws, member.person, role, member.role),),
            )
            if st.button("Remove", key="team-remove", icon=":material/person_remove:"):
                _remove(ws, member)


def make_form() -> None:
    """For admins of the house: another workspace on this server, of which they are the team."""
    if not actor().is_admin_everywhere or read_settings().database_url is not None:
        return
    with (
        st.expander("Make another workspace", icon=":material/create_new_folder:"),
        st.form("make", border=False),
    ):
        st.text_input("Name", key="workspace-new", max_chars=64)
        st.caption("A folder beside this workspace. Its team is you, until you add others.")
        st.form_submit_button("Make it", on_click=_make)


@st.dialog("Remove from the team?")
def _remove(ws: Workspace, member: Member) -> None:
    st.markdown(
        f"*{plain(member.person)}* does not see this workspace any more from the next click on. What they "
        "made stays, and so do tokens: see `driftmap token ls`."
    )
    remove = (lambda: pipeline.remove_member(ws, member.person, member.role),)
    if st.button("Remove", type="primary", key="confirm-team-remove", on_click=_try, args=remove):
        st.rerun()


def _add(ws: Workspace) -> None:
    person, role = str(st.session_state["team-new"]), st.session_state["team-new-role"]
    if _try(lambda: pipeline.add_member(ws, person, role)):
        st.session_state["team-new"] = ""


def _make() -> None:
    name = str(st.session_state["workspace-new"]).strip()
    if _try(lambda: pipeline.make_beside(home(), name)):
        st.session_state["workspace-new"] = ""
        st.session_state[WORKSPACE] = name


def _try(act: Callable[[], object]) -> bool:
    """Whether it was done; why not is told by ``told``."""
    try:
        act()
    except DriftmapError as error:
        st.session_state[_PROBLEM] = str(error)
        return False
    return True


def _roles_told() -> str:
    return " ".join(f"**{role}**: {MAY[role]}." for role in ROLES)
