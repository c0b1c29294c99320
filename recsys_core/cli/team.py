"""``driftmap team ls|add|remove|role``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.access import Role
from recsys_core.cli.opening import open_workspace
from recsys_core.cli.options import JsonOption, RoleName, WorkspaceOption
from recsys_core.cli.output import quiet_stdout, say, table

if TYPE_CHECKING:
    from recsys_core.workspace.members import Member

HEADS = ("person", "role", "since (UTC)", "by")
NONE = "This workspace has no team of its own: who may what in it is told by the settings."

app = typer.Typer(help="Say who may what in a workspace, where people sign in.", no_args_is_help=True)
PersonArgument = Annotated[
    str, typer.Argument(metavar="PERSON", help="An e-mail address, or all of a domain: '*@example.org'.")
]


@app.command("ls")
def list_members(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the team of the workspace."""
    ws = open_workspace(workspace)
    with quiet_stdout():
        from recsys_core import pipeline

        found = [_document(member) for member in pipeline.team(ws)]
    rows = [(one["person"], one["role"], one["since"], one["by"]) for one in found]
    say({"members": found}, table(rows, HEADS) if rows else [NONE], as_json)


@app.command("add")
def add(
    person: PersonArgument,
    role: Annotated[RoleName, typer.Option("--role", help="What they may do.")] = RoleName.VIEWER,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take somebody into the team; the first one, an admin, begins it. Makes the workspace if need be."""
    ws = open_workspace(workspace, make=True)
    with quiet_stdout():
        from recsys_core import pipeline

        made = pipeline.add_member(ws, person, Role[role.name])
    say(_document(made), [f"{made.person} is {made.role} of {ws.root.name} from now on."], as_json)


@app.command("role")
def change(
    person: PersonArgument,
    role: Annotated[RoleName, typer.Argument(help="What they may do from now on.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Give a member another role."""
    ws = open_workspace(workspace)
    with quiet_stdout():
        from recsys_core import pipeline

        made = pipeline.change_member(ws, person, Role[role.name])
    say(_document(made), [f"{made.person} is {made.role} of {ws.root.name} from now on."], as_json)


@app.command("remove")
def remove(person: PersonArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Take somebody out of the team."""
    ws = open_workspace(workspace)
    with quiet_stdout():
        from recsys_core import pipeline

        pipeline.remove_member(ws, person)
    say({"removed": person}, [f"{person} is not in the team of {ws.root.name} any more."], as_json)


def _document(member: "Member") -> dict[str, Any]:
    return {
        "person": member.person,
        "role": str(member.role),
        "since": member.since.isoformat(timespec="seconds"),
        "by": member.added_by,
    }
