import json
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import typer

from recsys_core.cli.program import app, run
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.spawn import child_environment
from tests.jobs.waiting import until_at

README = Path(__file__).parents[2] / "README.md"
DESIGN = {
    "app": {"--port", "--address", "--no-browser"},
    "demo": {"--address", "--no-browser", "--once"},
    "import": {"--dataset", "--domain", "--items", "--format", "--map", "--pseudonymise", "--append"},
    "versions": {"--dataset", "--compare"},
    "finetune": {"--dataset", "--mode", "--encoder", "--epochs", "--backend", "--background", "--version"},
    "interests": {"--dataset", "--run", "--k", "--version"},
    "migrate": {"--dataset", "--run", "--window", "--version"},
    "evaluate": {"--dataset", "--target", "--protocol", "--models", "--seeds", "--version"},
    "transfer": {"--dataset", "--targets", "--seeds", "--run", "--version"},
    "recommend": {"--dataset", "--domain", "--run", "--user", "--users", "--items", "--text", "-k", "--out"},
    "jobs ls": set(),
    "jobs show": set(),
    "jobs cancel": set(),
    "jobs resume": set(),
    "team ls": set(),
    "team add": {"--role"},
    "team role": set(),
    "team remove": set(),
    "token new": {"--name", "--role"},
    "token ls": set(),
    "token revoke": set(),
    "export": {"--dataset", "--run", "--out"},
    "release": {"--dataset", "--run", "--epsilon", "--window", "--out"},
    "forget": {"--dataset", "--yes"},
    "audit": {"--who", "--what", "--since", "--limit"},
    "doctor": {"--repair"},
    "backup": {"--with-key"},
    "restore": set(),
}


def commands(group=None, prefix=""):
    group = group or typer.main.get_command(app)
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def test_the_commands_are_those_of_the_design():
    assert dict(commands()).keys() == DESIGN.keys()


@pytest.mark.parametrize("name", DESIGN)
def test_every_command_has_its_options_and_says_what_they_do(name):
    command = dict(commands())[name]
    options = {option for parameter in command.params for option in parameter.opts}
    assert DESIGN[name] | {"--workspace", "--json"} <= options
    assert command.help
    assert [parameter.name for parameter in command.params if not getattr(parameter, "help", "")] == []


@pytest.mark.parametrize("name", DESIGN)
def test_help_shows_every_option(name, driftmap):
    code, out, _ = driftmap(*name.split(), "--help")
    assert code == 0
    for option in DESIGN[name] | {"--workspace", "--json"}:
        assert option in out


def test_the_readme_names_every_command():
    rows = re.findall(r"^\| `driftmap (\w+)", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted({name.split()[0] for name in DESIGN})


def test_help_lists_every_command(driftmap):
    code, out, _ = driftmap("--help")
    listed = {line.split()[0] for line in out.partition("Commands:")[2].splitlines() if line.strip()}
    assert (code, listed) == (0, {name.split()[0] for name in DESIGN})


def test_nothing_to_do_shows_help_and_exits_2(driftmap):
    for arguments in ((), ("jobs",), ("token",)):
        code, out, err = driftmap(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("Usage: driftmap")


@pytest.mark.parametrize(
    "arguments",
    [
        "sing",
        "migrate",
        "migrate --dataset d --window week",
        "finetune --dataset d --epochs 0",
        "evaluate --dataset d",
        "recommend --dataset d --domain x -k ten --user a",
        "jobs show one",
        "jobs cancel",
        "jobs sing",
        "token new",
        "token new --name n --role king",
        "token revoke one",
        "import --dataset d",
        "forget --dataset d",
        "forget anna",
        "app --port 70000",
    ],
)
def test_bad_usage_is_a_sentence_and_exits_2(arguments, driftmap, tmp_path):
    code, out, err = driftmap(*arguments.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "Traceback" not in err
    code, out, err = driftmap(*arguments.split(), "--json")
    assert (code, err) == (2, "")
    assert set(json.loads(out)) == {"error", "remedy"}
    assert not (tmp_path / "ws").exists()


def test_a_workspace_that_is_not_there_is_not_made_by_looking(driftmap, tmp_path):
    for command in ("migrate --dataset d", "jobs ls", "export --dataset d --out o", "forget u --dataset d"):
        code, out, _ = driftmap(*command.split(), "--json")
        assert (code, json.loads(out)["error"]) == (2, f"There is no workspace in '{tmp_path / 'ws'}'.")
    assert not (tmp_path / "ws").exists()


def test_an_unexpected_failure_is_a_sentence_and_a_file(ws, driftmap, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("recsys_core.cli.jobs.reap", broken)
    code, out, err = driftmap("jobs", "ls")
    assert (code, out) == (1, "")
    assert "(ZeroDivisionError)" in err
    assert "secret" not in err
    [crash] = (ws.root / "logs").glob("driftmap-crash-*.log")
    assert str(crash) in err
    assert "secret detail" in crash.read_text()


def test_the_version_is_shown(driftmap):
    assert driftmap("--version")[:2] == (0, "driftmap 0.1.0\n")


def test_the_installed_command_is_this_program():
    found = [entry for entry in entry_points(group="console_scripts") if entry.name == "driftmap"]
    assert [entry.value for entry in found] in ([], ["recsys_core.cli:main"])


def test_as_a_process_it_exits_with_the_code():
    command = [sys.executable, "-m", "recsys_core.cli", "sing"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "No such command 'sing'. See driftmap --help.\n"


def test_help_needs_no_heavy_library():
    code = (
        "import sys; from recsys_core.cli.program import run; run(['--help']); "
        "print({'pandas', 'torch', 'umap', 'duckdb', 'streamlit'} & set(sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-1] == "set()"


def test_run_gives_the_code_back():
    assert run(["--version"]) == 0


def test_a_command_that_is_terminated_leaves_a_cancelled_job(ws):
    script = (
        "from recsys_core.cli import program\n"
        "from recsys_core.cli.opening import do, open_workspace\n"
        "@program.app.command('count')\n"
        "def count() -> None:\n"
        "    do(open_workspace(None), 'count', {'file': 'a', 'to': 600, 'pause': 0.1})\n"
        "program.main(['count'])\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], env=child_environment(ws), stderr=-1) as command:
        until_at(ws.root / "a", 2)
        command.terminate()
        assert command.wait(20) == 130
        assert b"Stopped." in command.stderr.read()
    assert Ledger(ws).job(1).status is Status.CANCELLED
