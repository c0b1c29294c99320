"""A real S3 server that lives as long as the tests do: rclone's, over a folder of this machine."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

KEY, SECRET = "tester", "s3cret/never+shown"
BUCKET = "bucket"


class S3:
    """``rclone serve s3`` on a free port of this machine, for one pair of keys; a bucket is a folder."""

    def __init__(self) -> None:
        self._count = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @contextmanager
    def running(self) -> Iterator["S3"]:
        """Started; stopped and removed at the end."""
        with tempfile.TemporaryDirectory(prefix="driftmap-s3-") as name:
            self.folder = Path(name)
            (self.folder / BUCKET).mkdir()
            self.start()
            try:
                yield self
            finally:
                self.stop()

    def start(self) -> None:
        """Answers when this returns."""
        address = ("127.0.0.1", self.port)
        command = [Path(sys.executable).with_name("rclone"), "serve", "s3", "--config", "/dev/null"]
        flags = ["--addr", f"{address[0]}:{address[1]}", "--auth-key", f"{KEY},{SECRET}", "--quiet"]
        self._process = subprocess.Popen([*command, *flags, str(self.folder)], stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            assert self._process.poll() is None, "rclone serve s3 ended at once"
            try:
                socket.create_connection(address, timeout=1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise AssertionError("rclone serve s3 did not answer within 20 s")

    def stop(self) -> None:
        """As by a cut cable: nothing is said to anybody."""
        self._process.kill()
        self._process.wait()

    def new_prefix(self) -> str:
        """The URL of a prefix of its own."""
        self._count += 1
        return f"s3://{BUCKET}/team/store-{self._count}"

    def path(self, url: str) -> Path:
        """Where what is below a URL lies on the server's disk."""
        return self.folder / url.removeprefix("s3://")

    def empty(self, url: str) -> None:
        """Lose everything."""
        shutil.rmtree(self.path(url), ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """How a client gets in."""
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": "us-east-1",
        }
