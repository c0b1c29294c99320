"""``driftmap token new|ls|revoke``."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.access import Role
from recsys_core.cli.opening import open_workspace
from recsys_core.cli.options import JsonOption, RoleName, WorkspaceOption
from recsys_core.cli.output import say, table

if TYPE_CHECKING:
    from recsys_core.workspace.tokens import Token

app = typer.Typer(help="Make, list and revoke tokens for the HTTP API.", no_args_is_help=True)


@app.command("new")
def new(
    name: Annotated[str, typer.Option("--name", metavar="N", help="Who or what will use it.")],
    role: Annotated[RoleName, typer.Option("--role", help="What it may do.")] = RoleName.VIEWER,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token and print it, this once."""
    from recsys_core.workspace.tokens import new_token

    token, told = new_token(open_workspace(workspace, make=True), name, Role[role.name])
    lines = [told, f"Token {token.id} of {token.name} ({token.role}). It is not shown again: keep it safe."]
    say(_document(token) | {"token": told}, lines, as_json)


@app.command("ls")
def list_tokens(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the tokens, without what opens anything."""
    from recsys_core.workspace.tokens import tokens

    found = [_document(token) for token in tokens(open_workspace(workspace))]
    rows = [(t["id"], t["name"], t["role"], t["created"], t["revoked"] or "") for t in found]
    lines = table(rows, ("id", "name", "role", "made", "revoked")) if rows else ["There are no tokens yet."]
    say({"tokens": found}, lines, as_json)


@app.command("revoke")
def revoke(
    number: Annotated[int, typer.Argument(metavar="ID", help="The number of the token.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a token useless, at once."""
    from recsys_core.workspace.tokens import revoke_token

    token = revoke_token(open_workspace(workspace), number)
    say(_document(token), [f"Token {token.id} of {token.name} opens nothing any more."], as_json)


def _document(token: "Token") -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "role": str(token.role),
        "created": token.created.isoformat(timespec="seconds"),
        "revoked": token.revoked.isoformat(timespec="seconds") if token.revoked else None,
    }
