"""A trial of a fine-tune before it is started, in a process of its own; its result is kept in a file.

The page asks ``find_trial`` again and again; the first time that starts the process
``python -m recsys_core.jobs.trial --workspace DIR --params JSON``. It stands in no queue.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recsys_core import __version__
from recsys_core.access import HOUSE, Role, acting_as, actor
from recsys_core.jobs.device import queue_device
from recsys_core.jobs.failures import explain
from recsys_core.jobs.place import Place, jobs_folder
from recsys_core.jobs.spawn import child_environment
from recsys_core.training.estimate import Measured
from recsys_core.workspace.gate import takes
from recsys_core.workspace.membership import standing

PATIENCE_SECONDS = 120.0  # a trial that has said nothing for so long is tried again


@dataclass(frozen=True)
class Trial:
    """``measured``: what it found, None until then; ``error``: why it failed, a sentence, else ""."""

    measured: Measured | None = None
    error: str = ""


@takes(Role.VIEWER, "see what a fine-tune takes")
def find_trial(place: Place, params: Mapping[str, Any], *, begin: bool = True) -> Trial:
    """The trial of a fine-tune with these parameters: ``dataset``, ``version``, ``mode``, ``encoder``, and
    whether ``pretrain`` is more than 0; what a pass takes says it for any number of them.

    Returns at once; begins it where there is none, if ``begin`` and whoever asks may fine-tune.
    """
    path = _path(place, params)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        if (
            begin
            and standing(place.engine, actor()).role >= Role.ANALYST
            and _claim(path.with_suffix(".begun"))
        ):
            _start(place, params)
        return Trial()
    if document.get("error"):
        return Trial(error=document["error"])
    return Trial(Measured.from_json(document))


def _path(place: Place, params: Mapping[str, Any]) -> Path:
    named = {key: params.get(key) for key in ("dataset", "version", "mode", "encoder")}
    named["pretrain"] = bool(params.get("pretrain"))
    text = json.dumps([named, queue_device(), __version__], sort_keys=True)
    folder = jobs_folder(place) / "trials"
    folder.mkdir(exist_ok=True)
    return folder / f"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}.json"


def _claim(begun: Path) -> bool:
    """Whether nobody else has begun it lately."""
    try:
        if abs(time.time() - begun.stat().st_mtime) < PATIENCE_SECONDS:  # the clock may be set back
            return False
        begun.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    try:
        begun.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _start(place: Place, params: Mapping[str, Any]) -> None:
    command = [sys.executable, "-m", "recsys_core.jobs.trial", "--workspace", str(place.root.resolve())]
    process = subprocess.Popen(  # noqa: S603 - our own module
        [*command, "--params", json.dumps(dict(params))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=place.root,
        env=child_environment(place),
        start_new_session=True,
    )
    threading.Thread(target=process.wait, name="trial", daemon=True).start()


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the process."""
    from recsys_core.pipeline import FinetuneOptions, try_finetune
    from recsys_core.workspace.workspace import Workspace

    parser = argparse.ArgumentParser(prog="python -m recsys_core.jobs.trial")
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--params", required=True)
    chosen = parser.parse_args(arguments)
    params = json.loads(chosen.params)
    ws = Workspace.open(chosen.workspace)
    try:
        options = FinetuneOptions(
            mode=params["mode"],
            encoder=params.get("encoder"),
            version=params.get("version"),
            pretrain=int(params.get("pretrain") or 0),
        )
        with acting_as(HOUSE):
            document = try_finetune(ws, params["dataset"], options).to_json()
    except Exception as error:  # as in a job, any failure becomes a sentence
        failure = explain(error)
        document = {"error": f"{failure.error} {failure.remedy}"}
    path = _path(ws, params)
    aside = path.with_suffix(f".{os.getpid()}.writing")
    aside.write_text(json.dumps(document), encoding="utf-8")
    aside.replace(path)
    path.with_suffix(".begun").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
