"""A real SFTP server for the tests."""

from tests.rclone import ADDRESS, RcloneServer

USER, PASSWORD = "tester", "s3cret/never+shown"


class Sftp(RcloneServer):
    """For one user with a password."""

    def __init__(self) -> None:
        super().__init__("sftp", "--user", USER, "--pass", PASSWORD)

    @property
    def url(self) -> str:
        """Of a folder there."""
        return f"sftp://{ADDRESS}/team/store"

    @property
    def environment(self) -> dict[str, str]:
        """How a client gets in."""
        return {
            "FSSPEC_SFTP_PORT": str(self.port),
            "FSSPEC_SFTP_USERNAME": USER,
            "FSSPEC_SFTP_PASSWORD": PASSWORD,
        }
