import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from recsys_core.logs.formats import FileInfo, detect

Look = Callable[[str, str | bytes], FileInfo]


@pytest.fixture
def look(tmp_path: Path) -> Look:
    """Write a file and look into it."""

    def write_and_detect(name: str, content: str | bytes) -> FileInfo:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return detect(path)

    return write_and_detect


def rows(info: FileInfo) -> list[list[str]]:
    """The sample, row by row."""
    listed: list[list[str]] = info.sample.to_numpy().tolist()
    return listed


def json_lines(objects: Iterable[object]) -> str:
    """One line of JSON for each object."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
