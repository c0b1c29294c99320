"""People at the app without a screen: they speak Streamlit's own protocol with the running server, so that
what is timed is the server alone.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_SECONDS: Final = 300.0


@dataclass(frozen=True)
class Walks:
    """``seconds``: of every page shown, by its name; ``troubles``: what went wrong, in words."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        """Seconds of all pages."""
        return [one for some in self.seconds.values() for one in some]

    def add(self, page: str, seconds: float) -> None:
        """One page was shown."""
        self.seconds.setdefault(page, []).append(seconds)

    def told(self) -> str:
        """In a line or two."""
        half, most = np.percentile(self.all or [np.nan], [50, 95])
        slowest = sorted(self.seconds, key=lambda page: -float(np.percentile(self.seconds[page], 95)))[:3]
        worst = ", ".join(f"{page} {np.percentile(self.seconds[page], 95):.2f}" for page in slowest)
        return (
            f"{len(self.all)} pages, p50 {half:.2f} s, p95 {most:.2f} s (slowest pages: {worst}),"
            f" errors: {self.troubles or 0}"
        )


@dataclass(frozen=True)
class Visitor:
    """One session of the app. ``domain``: the one looked at, where a page shows one; "" for whichever comes
    first. ``pages``: the hash of each by its name, as the server told.
    """

    socket: ClientConnection
    domain: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    async def show(self, page: str, walks: Walks) -> None:
        """Ask for a page, "" for the first, and wait until its script has ended."""
        began = time.perf_counter()
        asked = BackMsg()
        asked.rerun_script.page_script_hash = self.pages.get(page, "")
        if self.domain:
            asked.rerun_script.query_string = urlencode({"target": self.domain, "domain": self.domain})
        await self.socket.send(asked.SerializeToString())
        troubles = [text async for text in self._until_ended()]
        if troubles:
            walks.troubles.extend(f"{page}: {text}" for text in troubles)
        else:
            walks.add(page, time.perf_counter() - began)

    async def _until_ended(self) -> AsyncIterator[str]:
        """What the page says went wrong."""
        while True:
            told = ForwardMsg()
            told.ParseFromString(await asyncio.wait_for(self.socket.recv(), PATIENCE_SECONDS))
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self.pages.update({p.page_name: p.page_script_hash for p in told.navigation.app_pages})
            elif kind == "delta" and told.delta.new_element.WhichOneof("type") == "exception":
                yield told.delta.new_element.exception.message
            elif kind == "script_finished":
                return


@asynccontextmanager
async def visiting(url: str, domain: str = "") -> AsyncIterator[Visitor]:
    """Somebody who has just opened the app at ``url``."""
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], origin=url, max_size=None) as socket:  # type: ignore[arg-type, list-item]
        yield Visitor(socket, domain)


async def walk(url: str, walks: Walks, rounds: int, pause: float, seed: int, domain: str = "") -> None:
    """One person: the first page, then all pages in an order of their own, ``rounds`` times, looking at each
    for ``pause`` seconds on average (exponential). They come after such a pause, too.
    """
    rng = np.random.default_rng(seed)
    await asyncio.sleep(rng.exponential(pause))
    async with visiting(url, domain) as visitor:
        await visitor.show("", walks)
        for _ in range(rounds):
            for page in rng.permutation(sorted(visitor.pages)).tolist():
                await asyncio.sleep(rng.exponential(pause))
                await visitor.show(page, walks)
