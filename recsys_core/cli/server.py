"""The app's server as a child process: started, waited for, ended."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import recsys_core
from recsys_core.address import check_address
from recsys_core.errors import InputError, ResourceError
from recsys_core.settings import read_settings

FIRST_PORT = 8501
PORTS = 50
HOST = "127.0.0.1"
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - asked for, and only where people sign in
START_SECONDS = 60.0
END_SECONDS = 5.0
SCRIPT = Path(recsys_core.__file__).resolve().parent.parent / "app.py"


def choose_port(wanted: int | None, address: str = HOST) -> int:
    """The port asked for, or the first free one from 8501. Raises InputError where it is taken."""
    if wanted is not None:
        if not _is_free(wanted, address):
            raise InputError(f"Port {wanted} is taken or not allowed.", "Name another with --port.")
        return wanted
    free = next((port for port in range(FIRST_PORT, FIRST_PORT + PORTS) if _is_free(port, address)), None)
    if free is None:
        raise ResourceError(f"No port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1} is free.")
    return free


class Server:
    """Streamlit serving the app on a workspace."""

    def __init__(self, workspace: Path, port: int, address: str = HOST) -> None:
        """Nothing is started yet. Raises InputError where others reach ``address`` and nobody signs in."""
        check_address(address)
        self.url = f"http://{_reached_at(address)}:{port}"
        self._address = address
        self._workspace = workspace
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """The server answers inside the block and is gone after it.

        Raises ResourceError where it does not come up.
        """
        self._process = subprocess.Popen(  # noqa: S603 - our own app
            self._command(), env=self._environment(), stdout=sys.stderr.fileno(), stdin=subprocess.DEVNULL
        )
        try:
            self._wait_until_up(self._process)
            yield
        except KeyboardInterrupt:
            pass
        finally:
            self._end(self._process)

    def open_browser(self) -> None:
        """Show the app in the user's browser, if there is one."""
        webbrowser.open(self.url)

    def wait(self) -> None:
        """Until the server ends."""
        if self._process is not None and self._process.wait() not in (0, -signal.SIGINT, -signal.SIGTERM):
            raise ResourceError("The app's server ended unexpectedly; what it said is above.")

    def _command(self) -> list[str]:
        options = {
            "server.port": self._port,
            "server.address": self._address,
            "server.headless": "true",
            "server.maxUploadSize": read_settings().max_upload_mb,
            "browser.gatherUsageStats": "false",
        }
        flags = [text for name, value in options.items() for text in (f"--{name}", str(value))]
        return [sys.executable, "-m", "streamlit", "run", str(SCRIPT), *flags]

    def _environment(self) -> dict[str, str]:
        paths = [str(SCRIPT.parent), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        joined = os.pathsep.join(dict.fromkeys(paths))
        return {**os.environ, "DRIFTMAP_WORKSPACE": str(self._workspace), "PYTHONPATH": joined}

    def _wait_until_up(self, process: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):  # noqa: S310 - our own address
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise ResourceError("The app's server did not come up; what it said is above.")

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _reached_at(address: str) -> str:
    """By what this machine itself reaches the app, as a part of a URL."""
    if address in EVERYWHERE:
        return HOST
    return f"[{address}]" if ":" in address else address


def _is_free(port: int, address: str) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
