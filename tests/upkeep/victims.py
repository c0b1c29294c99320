"""Work that gets killed in a forked process, at its n-th touch of a file of the workspace.

A hook of the interpreter counts those touches (PEP 578: opening, renaming, removing, and every connection to
the catalogue, which is one transaction), so that a kill hits the very moments between two steps.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pandas as pd

from recsys_core import pipeline
from recsys_core.errors import NotFoundError
from recsys_core.jobs.foreground import run_here
from recsys_core.jobs.job import ENDED, Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.local import submit_local
from recsys_core.jobs.processes import process_id
from recsys_core.jobs.reaper import reap
from recsys_core.jobs.record import JobRecord
from recsys_core.jobs.task import perform
from recsys_core.parts import Parts
from recsys_core.progress import Silent
from recsys_core.randomness import rng_from
from recsys_core.steps import text_vectors
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.run_encoders import load_first_encoder
from recsys_core.workspace.workspace import Workspace
from tests.jobs.waiting import until

ADJECTIVES: Final = ("green", "old", "tall", "quiet", "round", "sweet", "heavy", "blue", "plain", "wild")
NOUNS: Final = ("tea", "lamp", "chair", "novel", "radio", "jam", "boots", "kettle", "garden", "song")
TOUCHES: Final = {
    "open",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.truncate",
    "sqlite3.connect",
}
USER: Final = "u-17"


@dataclass(frozen=True)
class Victim:
    """``base``: the workspace it begins with. ``job``: kind and parameters of the work, or a function of the
    workspace that does it. ``outcome``: what is the same after a broken and mended run as after an unbroken
    one.
    """

    base: str
    job: tuple[str, dict[str, Any]] | Callable[[Workspace], None]
    outcome: Callable[[Workspace], Any]


def log_of(n_days: int) -> pd.DataFrame:
    """Forty readers of books and films over two years."""
    rows = []
    for user in range(40):
        for step in range(n_days):
            item = (user * 7 + step * (5 if user % 3 else 8)) % 100
            day = pd.Timestamp("2023-01-05", tz="UTC") + pd.Timedelta(days=61 * step + user)
            rows.append((f"u-{user}", f"i{item}", ("books", "films")[item % 2], day))
    return pd.DataFrame(rows, columns=["user_id", "item_id", "domain", "timestamp"])


def items() -> pd.DataFrame:
    """A title and a text of its own for each item."""
    titles = [f"{ADJECTIVES[n % 10]} {NOUNS[n // 10 % 10]} {n}" for n in range(100)]
    return pd.DataFrame(
        {
            "item_id": [f"i{n}" for n in range(100)],
            "domain": [("books", "films")[n % 2] for n in range(100)],
            "title": titles,
            "text": [f"the {title}, " * (1 + n % 3) for n, title in enumerate(titles)],
        }
    )


def make_base(folder: Path) -> None:
    """Make what the victims begin with: ``log.csv`` and the workspaces ``new``, ``shop`` and ``trained``, of
    which the last has two versions, a run and results.
    """
    log_of(14).to_csv(folder / "log.csv", index=False)
    Workspace.open(folder / "new")
    ws = Workspace.open(folder / "shop")
    ws.save_dataset("shop", log_of(12), items(), {})
    shutil.copytree(folder / "shop", folder / "trained")
    ws = Workspace.open(folder / "trained")
    ws.save_dataset("shop", log_of(13), items(), {})
    run = ws.new_run("shop", 2, {})
    (run.folder / "model").write_text("weights")
    ws.finish_run(run.id, {})
    ws.save_result("interests", "shop", 2, run.id, Parts({"n": 1}))
    ws.save_result("map", "shop", 2, run.id, Parts({"n": 1}, {"users": pd.DataFrame({"user": [1]})}))


def make_trained_base(folder: Path) -> None:
    """The same with a real model, its ``encoder``, and what was really found with it."""
    from recsys_core.interests.clusters import default_levels
    from recsys_core.interests.finding import find_interests
    from tests.encoder.tiny import tiny_model

    make_base(folder)
    tiny_model(folder / "encoder", "bert")
    ws = Workspace.open(folder / "trained")
    ws.delete_run("run-1")
    run = pipeline.finetune(ws, "shop", pipeline.FinetuneOptions(**_quick(folder)))
    data = ws.load_dataset("shop")
    vectors = text_vectors(ws, data, load_first_encoder(run), Silent())
    found = find_interests(data, vectors, default_levels(100), rng_from(0, "test"), Silent())
    ws.save_result("interests", "shop", 2, run.id, found.parts())
    pipeline.migrate(ws, "shop", window="year")


def _quick(folder: Path, mode: str = "head", epochs: int = 2) -> dict[str, Any]:
    return {"mode": mode, "encoder": str(folder / "encoder"), "epochs": epochs}


def victims(folder: Path) -> dict[str, Victim]:
    """What is killed, by name."""
    log = folder / "log.csv"
    added = ImportRequest.of("shop", (log,), append=True).as_params()
    hidden = ImportRequest.of("shop", (log,), pseudonymise=True).as_params()
    tune = {"dataset": "shop", **_quick(folder)}
    return {
        "import": Victim("shop", ("import", added), lambda ws: ws.dataset("shop").hash),
        "import under pseudonyms": Victim("new", ("import", hidden), lambda ws: ws.dataset("shop").n_events),
        "fine-tune": Victim("shop", ("finetune", tune), trained),
        "fine-tune the encoder": Victim(
            "shop", ("finetune", {"dataset": "shop", **_quick(folder, "full", 3)}), trained
        ),
        "migrate": Victim("trained", ("migrate", {"dataset": "shop", "window": "quarter"}), migrated),
        "delete a dataset": Victim("trained", lambda ws: ws.delete_dataset("shop"), content),
        "delete a run": Victim("trained", _delete_run, content),
        "forget": Victim("trained", _forget, content),
    }


def _delete_run(ws: Workspace) -> None:
    for run in ws.runs():
        ws.delete_run(run.id)


def _forget(ws: Workspace) -> None:
    pipeline.forget(ws, "shop", USER)


def content(ws: Workspace) -> list[Any]:
    """What the catalogue knows, and every file that is there for it."""
    versions = [(info.version, info.hash) for info in ws.versions("shop")]
    runs = [
        (run.id, run.status, run.stale, sorted(p.name for p in run.folder.iterdir())) for run in ws.runs()
    ]
    kinds = sorted(path.name.rpartition("-")[0] for path in (ws.root / "results").glob("*"))
    folders = [path.parent.name for path in (ws.root / "datasets").glob("*/*")]
    return [versions, runs, kinds, folders]


def trained(ws: Workspace) -> list[Any]:
    """The weights and measures of every run; one, wherever it was killed. A kill in the instant before the
    ledger hears of it makes another with the same, which is told once.
    """
    made: list[Any] = []
    for run in ws.runs():
        files = {path.name for path in run.folder.rglob("*") if "events.out" not in path.name}
        weights = sha256((run.folder / "interest_model.safetensors").read_bytes()).hexdigest()
        metrics = {name: value for name, value in run.metrics.items() if name != "seconds"}
        told = (run.status, weights, metrics, sorted(files))
        made += [told] if told not in made else []
    return made


def migrated(ws: Workspace) -> list[Any]:
    """The measured migration."""
    parts = ws.load_result("migration", "shop", 2, key="quarter-0")
    assert parts is not None
    return [parts.document, {name: frame.to_csv() for name, frame in parts.frames.items()}]


def die(root: Path, victim: str, folder: Path, at: int, told: Path) -> None:
    """Do the work of a victim and be killed at the ``at``th touch; 0: count them, into the file ``told``."""
    touched = _count_touches(str(root), at)
    work(root, victim, folder)
    told.write_text(str(touched()))
    os._exit(0)


def _count_touches(root: str, at: int) -> Callable[[], int]:
    count = 0

    def touch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal count
        if event not in TOUCHES or not any(root in os.fsdecode(a) for a in arguments if _is_path(a)):
            return
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touch)
    return lambda: count


def _is_path(argument: object) -> bool:
    return isinstance(argument, str | bytes | Path)


def work(root: Path, victim: str, folder: Path) -> None:
    """Do the work of a victim from the beginning."""
    job, ws = victims(folder)[victim].job, Workspace.open(root)
    if callable(job):
        job(ws)
    else:
        run_here(ws, *job, Silent())


def go_on(root: Path, victim: str, folder: Path) -> None:
    """What a user does after a kill: resume the job, or ask again for what was not done."""
    job, ws = victims(folder)[victim].job, Workspace.open(root)
    if callable(job):
        try:
            job(ws)
        except NotFoundError:  # it was done
            return
    elif not Ledger(ws).jobs():
        run_here(ws, *job, Silent())
    elif Ledger(ws).job(1).status is not Status.FINISHED:
        _resume(ws)


def _resume(ws: Workspace) -> None:
    """As a worker of its own would, but here."""
    ledger, record, me = Ledger(ws), JobRecord(ws, 1), process_id()
    if ledger.job(1).status is not Status.QUEUED:
        ledger.requeue(1)
    record.attach(me)
    record.claim(me)
    perform(ws, 1)
    assert ledger.job(1).status is Status.FINISHED, ledger.job(1)


def settle(ws: Workspace) -> None:
    """What the app does at its start. A queued job without a process gets another, which is waited for."""
    reap(ws)
    for job in Ledger(ws).queue():
        if job.pid is not None:
            until(Ledger(ws), job.id, *ENDED, seconds=120)
    ws.lose_runs()


def submit(root: Path, victim: str, folder: Path) -> None:
    """As the app does: queue the job with a worker of its own, and be there."""
    job = victims(folder)[victim].job
    assert not callable(job)
    submit_local(Workspace.open(root), *job)
    time.sleep(120)
