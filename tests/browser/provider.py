"""A real OpenID Connect provider in a process of its own, at which anybody signs in by one click."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.server import Server, free_port

PEOPLE = ("viewer", "analyst", "stranger")


class Provider:
    """Knows ``PEOPLE``, each with the e-mail address ``NAME@example.org``, verified."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def metadata_url(self) -> str:
        """Where it says how it is spoken to."""
        return f"http://127.0.0.1:{self.port}/.well-known/openid-configuration"

    def start(self, timeout: float = 30) -> None:
        """Start it and wait until it answers."""
        known = [{"sub": name, "email": f"{name}@example.org", "email_verified": True} for name in PEOPLE]
        people = [text for person in known for text in ("--user-claims", json.dumps(person))]
        command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(self.port), *people]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + timeout
        while not self.answers():
            assert self.process.poll() is None, "The provider did not start."
            assert time.monotonic() < end, "The provider did not answer."
            time.sleep(0.1)

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            with urllib.request.urlopen(self.metadata_url, timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def end(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)

    @contextmanager
    def app(self, workspace: Path) -> Iterator[Server]:
        """A running app on ``workspace`` in which people sign in here; the environment says that they do."""
        server = Server(workspace)
        self.secrets(workspace.parent, server.url)
        server.start()
        try:
            yield server
        finally:
            server.kill()

    def secrets(self, folder: Path, app: str) -> None:
        """Write the ``secrets.toml`` by which the app at the address ``app`` signs people in here."""
        path = folder / ".streamlit" / "secrets.toml"
        path.parent.mkdir()
        lines = {
            "redirect_uri": f"{app}/oauth2callback",
            "cookie_secret": "not-a-secret-but-32-letters-long",
            "client_id": "driftmap",
            "client_secret": "any",
            "server_metadata_url": self.metadata_url,
        }
        path.write_text("[auth]\n" + "".join(f'{key} = "{value}"\n' for key, value in lines.items()))


def sign_in(page: Page, name: str) -> None:
    """Sign in as one of ``PEOPLE`` on a page that asks for it."""
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def sign_out(page: Page) -> None:
    """Sign out, of the provider, too."""
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
