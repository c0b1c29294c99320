"""``driftmap app`` and ``driftmap demo``."""

from typing import TYPE_CHECKING, Annotated

import typer

from recsys_core.address import check_address
from recsys_core.cli.opening import do, open_workspace
from recsys_core.cli.options import JsonOption, WorkspaceOption
from recsys_core.cli.output import say
from recsys_core.cli.server import HOST, Server, choose_port
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local

if TYPE_CHECKING:
    from recsys_core.workspace.workspace import Workspace

PortOption = Annotated[
    int | None,
    typer.Option("--port", metavar="N", min=1, max=65535, help="By default 8501, or the next one free."),
]
AddressOption = Annotated[
    str,
    typer.Option(
        "--address", metavar="IP", help="By default this machine only; others only where people sign in."
    ),
]
BrowserOption = Annotated[bool, typer.Option("--no-browser", help="Don't open a browser.")]


def app(
    port: PortOption = None,
    address: AddressOption = HOST,
    no_browser: BrowserOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open the app on the workspace."""
    _serve(open_workspace(workspace, make=True), port, address, no_browser, as_json)


def demo(
    once: Annotated[bool, typer.Option("--once", help="Run the whole flow here, print it and exit.")] = False,
    port: PortOption = None,
    address: AddressOption = HOST,
    no_browser: BrowserOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load the sample, run the whole flow, open the app."""
    check_address(address)  # before anything is begun
    ws = open_workspace(workspace, make=True)
    if once:
        found = do(ws, "demo", {"dataset": "demo"})
        say(found, [f"{name}: {value}" for name, value in found.items()], as_json)
        return
    start_demo(ws)
    _serve(ws, port, address, no_browser, as_json)


def start_demo(ws: "Workspace") -> None:
    """Start the demo in the background, unless it is under way or done already."""
    done = any(info.name == "demo" for info in ws.datasets())
    for job in Ledger(ws).jobs():
        if job.kind == "demo" and (not job.ended or (done and job.status is Status.FINISHED)):
            return
    submit_local(ws, "demo", {"dataset": "demo"})


def _serve(ws: "Workspace", port: int | None, address: str, no_browser: bool, as_json: bool) -> None:
    server = Server(ws.root, choose_port(port, address), address)
    with server.running():
        document = {"url": server.url, "workspace": str(ws.root)}
        say(document, [f"Driftmap is at {server.url} with the workspace {ws.root}. Ctrl-C ends it."], as_json)
        if not no_browser:
            server.open_browser()
        server.wait()
