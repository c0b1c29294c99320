import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from recsys_core.cli.server import HOST, Server, choose_port
from recsys_core.errors import InputError
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def test_a_taken_port_is_refused_and_by_default_passed_over():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} is taken"):
            choose_port(port)
    assert choose_port(port) == port
    assert choose_port(None) >= 8501


def test_the_app_comes_up_says_where_and_ends_when_asked(tmp_path):
    port = free_port()
    command = [sys.executable, "-m", "recsys_core.cli", "app", "--no-browser", "--json", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--workspace", str(tmp_path / "ws")],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as app:
        told = json.loads(app.stdout.readline())
        assert told == {"url": f"http://{HOST}:{port}", "workspace": str(tmp_path / "ws")}
        with urllib.request.urlopen(f"{told['url']}/healthz") as answer:
            assert json.load(answer)["status"] == "ok"
        app.send_signal(signal.SIGTERM)
        assert app.wait(20) == 0
        assert app.stdout.read() == ""
    assert choose_port(port) == port


def test_beyond_this_machine_it_is_opened_only_where_people_sign_in(driftmap, tmp_path):
    for command in ("app", "demo"):
        code, _, err = driftmap(command, "--address", "0.0.0.0", "--no-browser")
        assert (code, "would listen on 0.0.0.0, where others can reach it" in err) == (2, True)
    assert Ledger(Workspace.open(tmp_path / "ws")).jobs() == []  # nor was the demo begun


def test_this_machine_reaches_an_app_that_listens_everywhere(tmp_path, monkeypatch):
    monkeypatch.setenv("DRIFTMAP_SIGN_IN", "proxy")
    for address, url in {"0.0.0.0": HOST, "::": HOST, "::1": "[::1]", "10.0.0.7": "10.0.0.7"}.items():
        assert Server(tmp_path, 8600, address).url == f"http://{url}:8600"
