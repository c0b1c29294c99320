import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from recsys_core.cli.server import HOST, choose_port
from recsys_core.errors import InputError


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
