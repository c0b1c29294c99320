"""Real file servers that live as long as the tests do: rclone's, over a folder of this machine."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

ADDRESS = "127.0.0.1"


class RcloneServer:
    """``rclone serve`` of a ``kind`` on a free port of this machine."""

    def __init__(self, kind: str, *flags: str) -> None:
        self._kind, self._flags = kind, flags
        with socket.socket() as probe:
            probe.bind((ADDRESS, 0))
            self.port = int(probe.getsockname()[1])

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Started; stopped and removed at the end."""
        with tempfile.TemporaryDirectory(prefix=f"driftmap-{self._kind}-") as name:
            self.folder = Path(name)
            self.start()
            try:
                yield self
            finally:
                self.stop()

    def start(self) -> None:
        """Answers when this returns."""
        command = [Path(sys.executable).with_name("rclone"), "serve", self._kind, "--config", "/dev/null"]
        flags = ["--addr", f"{ADDRESS}:{self.port}", *self._flags, "--quiet"]
        self._process = subprocess.Popen([*command, *flags, str(self.folder)], stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            assert self._process.poll() is None, f"rclone serve {self._kind} ended at once"
            try:
                socket.create_connection((ADDRESS, self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError(f"rclone serve {self._kind} did not answer within 20 s")

    def stop(self) -> None:
        """As by a cut cable: nothing is said to anybody."""
        self._process.kill()
        self._process.wait()
