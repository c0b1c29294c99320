"""Makes good and bad files, imports them, and looks at what became of them."""

import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.workspace.imports import import_logs
from recsys_core.workspace.requests import ImportReport, ImportRequest
from recsys_core.workspace.workspace import Workspace

HEADER = "user_id,item_id,time"
INSIDES = ("Traceback", "Exception", "Binder", "Invalid Input", "pandas", "pyarrow", "duckdb", "imports/")


def day(number: int) -> str:
    return f"2013-06-{1 + number % 28:02}"


def rows(count: int = 400, make: Callable[[int], str] | None = None) -> list[str]:
    """Rows of 40 users, each with another item."""
    return [make(n) if make else f"u{n % 40},i{n},{day(n)}" for n in range(count)]


def text(lines: Iterable[str], header: str = HEADER, end: str = "\n") -> str:
    return "".join(line + end for line in (header, *lines))


GOOD = text(rows())


def with_last(*lines: str) -> str:
    """The good log, whose last line is 401, with more lines."""
    return text([*rows(), *lines])


def zipped(*members: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def nothing_was_saved(ws: Workspace) -> bool:
    left = [path for name in ("datasets", "imports") for path in (ws.root / name).glob("*")]
    return ws.datasets() == [] and left == []


def refused(ws: Workspace, path: Path, items: tuple[Path, ...] = (), **rest: object) -> str:
    """Why the import was refused and what to do, after a look that nothing was saved."""
    with pytest.raises(InputError) as caught:
        import_logs(ws, ImportRequest.of("shop", (path,), items=items, **rest))  # type: ignore[arg-type]
    assert nothing_was_saved(ws)
    assert caught.value.problem
    assert caught.value.remedy
    assert not any(word in str(caught.value) for word in INSIDES)
    return str(caught.value)


def imported(ws: Workspace, path: Path, items: tuple[Path, ...] = (), **rest: object) -> ImportReport:
    report = import_logs(ws, ImportRequest.of("shop", (path,), items=items, **rest))  # type: ignore[arg-type]
    assert report.n_read == report.n_kept + report.n_bad + report.n_repeats + report.n_left_out
    assert list((ws.root / "imports").iterdir()) == []
    return report


def set_aside(report: ImportReport) -> list[tuple[object, ...]]:
    """Line, column, value, reason and text of each bad row."""
    if report.quarantine is None:
        return []
    frame = pd.read_parquet(report.quarantine).drop(columns="file").astype(object)
    return [tuple(None if pd.isna(cell) else cell for cell in row) for row in frame.to_numpy()]


def lines_set_aside(report: ImportReport) -> list[tuple[object, object]]:
    return [(line, reason) for line, _, _, reason, _ in set_aside(report)]


def stored(report: ImportReport) -> pd.DataFrame:
    return pd.read_parquet(report.info.folder / "interactions.parquet")


def notes(report: ImportReport, kind: str) -> list[str]:
    return [finding.text for finding in report.findings if finding.kind == kind]
