"""What a command says at its end: one JSON document, or lines for people. Errors likewise."""

import json
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

from recsys_core.errors import DriftmapError, InputError, OutageError
from recsys_core.jobs.kinds import plain
from recsys_core.settings import read_settings


def say(document: Mapping[str, Any], lines: Sequence[str], as_json: bool) -> None:
    """The result: ``document`` as JSON, or ``lines`` for people, on stdout."""
    text = json.dumps(plain(document), ensure_ascii=False, allow_nan=False, default=str) if as_json else ""
    sys.stdout.write((text or "\n".join(lines)) + "\n")
    sys.stdout.flush()


def complain(error: str, remedy: str, as_json: bool) -> None:
    """What went wrong and what to do: JSON on stdout, or a sentence on stderr."""
    if as_json:
        sys.stdout.write(json.dumps({"error": error, "remedy": remedy}, ensure_ascii=False) + "\n")
    else:
        sys.stderr.write(" ".join(filter(None, (error, remedy))) + "\n")


def sentences(error: DriftmapError) -> tuple[str, str]:
    """What happened and the remedy ("" where the message says it all)."""
    return (error.problem, error.remedy) if isinstance(error, InputError | OutageError) else (str(error), "")


def write_crash(error: BaseException, workspace: Path | None) -> Path:
    """Put a traceback where it can be found, and say where: in the workspace if there is one."""
    root = workspace or read_settings().workspace
    folder = root / "logs" if root.is_dir() else Path(tempfile.gettempdir())
    path = folder / f"driftmap-crash-{time.strftime('%Y%m%d-%H%M%S')}.log"
    try:
        folder.mkdir(exist_ok=True)
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        path = Path(tempfile.gettempdir()) / path.name
        path.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return path


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Whatever a library prints inside goes to stderr, so that stdout carries the result alone."""
    with redirect_stdout(sys.stderr):
        yield


def table(rows: Sequence[Sequence[object]], heads: Sequence[str]) -> list[str]:
    """Rows under heads as aligned lines of text."""
    texts = [list(heads), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(heads))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in texts
    ]
