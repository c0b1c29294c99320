"""A real S3 server for the tests."""

import shutil
from pathlib import Path

from tests.rclone import ADDRESS, RcloneServer

KEY, SECRET = "tester", "s3cret/never+shown"
BUCKET = "bucket"


class S3(RcloneServer):
    """For one pair of keys; a bucket is a folder."""

    def __init__(self) -> None:
        super().__init__("s3", "--auth-key", f"{KEY},{SECRET}")
        self._count = 0

    def start(self) -> None:
        (self.folder / BUCKET).mkdir(exist_ok=True)
        super().start()

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
            "AWS_ENDPOINT_URL": f"http://{ADDRESS}:{self.port}",
            "AWS_REGION": "us-east-1",
        }
