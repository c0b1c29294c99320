"""Progress on stderr: one line that is rewritten on a terminal, a few plain lines elsewhere."""

import shutil
import sys
import time
from typing import TextIO

REDRAW_SECONDS = 0.1
LINE_SECONDS = 10.0


class TerminalProgress:
    """A Progress for someone who watches a terminal, or reads a log later."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """``stream``: where to write, by default stderr."""
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._stage = ""
        self._state = ""
        self._metric = ""
        self._drawn = 0.0
        self._open = False  # a line without its end stands on the terminal

    def stage(self, name: str) -> None:
        """A stage begins on a line of its own."""
        self.close()
        self._stage, self._state, self._metric = name, "", ""
        self._drawn = time.monotonic()
        self._open = self._live
        self._stream.write(f"{name} …" if self._live else f"{name} …\n")
        self._stream.flush()

    def advance(self, done: float, total: float, message: str = "") -> None:
        """The line of the stage is drawn anew, or written again after a while."""
        self._state = f"{done / total:4.0%}" if total > 0 else ""
        self._state += f"  {message}" if message else ""
        self._draw()

    def metric(self, name: str, step: int, value: float) -> None:
        """The newest point of a curve joins the line."""
        del step
        self._metric = f"  {name} {value:.4g}"
        self._draw()

    def log(self, message: str) -> None:
        """A line of its own."""
        self.close()
        self._stream.write(f"  {message}\n")
        self._stream.flush()

    def check_cancelled(self) -> None:
        """Ctrl-C raises KeyboardInterrupt by itself."""

    def close(self) -> None:
        """End the line that is being rewritten."""
        if self._open:
            self._write_line()
            self._stream.write("\n")
        self._open = False

    def _draw(self) -> None:
        now = time.monotonic()
        if now - self._drawn < (REDRAW_SECONDS if self._live else LINE_SECONDS):
            return
        self._drawn = now
        if self._live:
            self._write_line()
        else:
            self._stream.write(f"{self._stage}: {self._state.strip()}{self._metric}\n")
        self._stream.flush()

    def _write_line(self) -> None:
        self._open = True
        line = f"{self._stage} … {self._state}{self._metric}"
        self._stream.write("\r\x1b[2K" + line[: shutil.get_terminal_size().columns - 1])
