"""The program: its commands, and how every ending becomes a sentence and an exit code.

0: done. 2: bad input or usage. 1: our own failure. 130: stopped by the user.
"""

import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

import psutil
import typer
from typer.exceptions import TyperException

from recsys_core import __version__
from recsys_core.access import Actor, Role, acting_as
from recsys_core.cli import (
    auditing,
    data,
    forgetting,
    importing,
    insight,
    jobs,
    publishing,
    recommending,
    serving,
    system,
    team,
    tokens,
    training,
    transferring,
    upkeep,
    versions,
)
from recsys_core.cli.arguments import spread
from recsys_core.cli.output import complain, sentences, write_crash
from recsys_core.errors import CancelledError, DriftmapError
from recsys_core.workspace.permissions import keep_private

app = typer.Typer(
    name="driftmap",
    help="See what your users are interested in, where those interests are moving, and what a newcomer "
    "should be shown.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
)
COMMANDS: dict[str, Callable[..., None]] = {
    "app": serving.app,
    "demo": serving.demo,
    "import": importing.import_logs,
    "versions": versions.versions,
    "finetune": training.finetune,
    "interests": insight.interests,
    "migrate": insight.migrate,
    "evaluate": insight.evaluate,
    "transfer": transferring.transfer,
    "recommend": recommending.recommend,
    "export": data.export,
    "release": publishing.release,
    "forget": forgetting.forget,
    "audit": auditing.audit,
    "doctor": system.doctor,
    "backup": upkeep.backup,
    "restore": upkeep.restore,
}
for name, command in COMMANDS.items():
    app.command(name)(command)
app.add_typer(jobs.app, name="jobs")
app.add_typer(tokens.app, name="token")
app.add_typer(team.app, name="team")


@app.callback(invoke_without_command=True)
def _program(version: bool = typer.Option(False, "--version", help="Print the version and exit.")) -> None:
    if version:
        sys.stdout.write(f"driftmap {__version__}\n")
        raise typer.Exit


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``driftmap`` with ``arguments``, by default the process's own, and exit."""
    keep_private()
    signal.signal(signal.SIGTERM, _interrupt)  # so that a job done here ends as cancelled, not as lost
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(run(given))


def run(arguments: Sequence[str]) -> int:
    """Run one command, as the user of this machine, whose role is admin since its files are theirs; the exit
    code. No exception comes out, and no traceback is shown.
    """
    try:
        with acting_as(Actor(psutil.Process().username(), Role.ADMIN)):
            code = typer.main.get_command(app)(spread(arguments), prog_name="driftmap", standalone_mode=False)
    except BrokenPipeError:
        return 0
    except (Exception, KeyboardInterrupt) as error:  # the one place where any ending becomes a sentence
        return _end(error, arguments)
    if code == CancelledError.exit_code:  # what typer makes of a KeyboardInterrupt
        return _end(KeyboardInterrupt(), arguments)
    return code if isinstance(code, int) else 0


def _end(error: BaseException, arguments: Sequence[str]) -> int:
    as_json = "--json" in arguments
    if type(error).__name__ == "NoArgsIsHelpError":
        sys.stderr.write(f"{error}\n")
        return 2
    if isinstance(error, TyperException):
        complain(_usage(error.format_message()), "See driftmap --help.", as_json)
        return error.exit_code
    if isinstance(error, (CancelledError, KeyboardInterrupt, typer.Abort)):
        complain("Stopped.", "", as_json)
        return CancelledError.exit_code
    if isinstance(error, DriftmapError):
        complain(*sentences(error), as_json)
        return error.exit_code
    path = write_crash(error, _workspace(arguments))
    complain(f"Driftmap failed in a way it should not ({type(error).__name__}).", f"See {path}.", as_json)
    return 1


def _usage(message: str) -> str:
    text = " ".join(message.replace("Value error, ", "").split())
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _workspace(arguments: Sequence[str]) -> Path | None:
    for before, value in zip(arguments, [*arguments[1:], ""], strict=True):
        if before == "--workspace" and value:
            return Path(value)
    return next((Path(a.partition("=")[2]) for a in arguments if a.startswith("--workspace=")), None)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
