"""The job ledger as those see it who submit jobs and watch them. The UI only ever reads this."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import RowMapping, Select, func, insert, select, update
from sqlalchemy.orm import Session

from recsys_core.access import Actor, Role, actor
from recsys_core.errors import InputError, NotFoundError
from recsys_core.jobs.device import RAY, background_device
from recsys_core.jobs.job import Job, Status
from recsys_core.jobs.place import Place
from recsys_core.jobs.starting import start, withdraw
from recsys_core.jobs.tables import EVENTS, JOBS, add_state
from recsys_core.settings import read_settings
from recsys_core.workspace.database import reading, writing
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.membership import standing

if TYPE_CHECKING:
    import pandas as pd

TICK = 1e-6  # seconds between two places in line
EVENT_COLUMNS = ("id", "at", "kind", "name", "step", "value", "message")
_UNFINISHED = JOBS.c.status.in_((Status.QUEUED, Status.RUNNING, Status.CANCELLING))


class Ledger:
    """Every job of a workspace, and what happened in each."""

    def __init__(self, place: Place) -> None:
        """``place``: a Workspace."""
        self._place = place
        self.engine = place.engine

    @changes(Role.ANALYST, "submit a job", on=("title",))
    def submit(
        self, kind: str, params: Mapping[str, Any], title: str, dataset: str = "", device: str | None = None
    ) -> Job:
        """Write a queued job. Nothing works on it until ``local.submit_local`` starts a worker.

        ``params`` must be plain JSON; ``device`` names the queue, by default that of background jobs. Raises
        InputError where whoever asks has as many unfinished jobs as one person may have.
        """
        now, asks = time.time(), standing(self.engine, actor())
        row = {
            "kind": kind,
            "title": title,
            "params": dict(params),
            "dataset": dataset,
            "status": Status.QUEUED,
            "created": now,
            "device": device or background_device(),
            "actor": asks.name,
            "role": str(asks.role),
        }
        with writing(self.engine) as session:
            _check_share(session, asks)
            row["queued"] = _end_of_line(session)
            job_id = session.execute(insert(JOBS).returning(JOBS.c.id), row).scalar_one()
            add_state(session, job_id, Status.QUEUED)
        return self.job(job_id)

    @takes(Role.VIEWER, "see jobs")
    def jobs(self, limit: int = 100) -> list[Job]:
        """The newest ``limit`` jobs, newest first."""
        return self._select(select(JOBS).order_by(JOBS.c.id.desc()).limit(limit))

    @takes(Role.VIEWER, "see jobs")
    def counts(self) -> dict[Status, int]:
        """How many jobs there are in each status that any is in."""
        query = select(JOBS.c.status, func.count()).group_by(JOBS.c.status)
        with reading(self.engine) as session:
            return {Status(status): int(count) for status, count in session.execute(query)}

    @takes(Role.VIEWER, "see jobs")
    def queue(self, device: str | None = None) -> list[Job]:
        """Jobs that have not ended, in the order in which they get (or got) the device."""
        found = self._select(select(JOBS).where(_UNFINISHED).order_by(JOBS.c.queued, JOBS.c.id))
        return [job for job in found if device in (None, job.device)]

    @takes(Role.VIEWER, "see jobs")
    def job(self, job_id: int) -> Job:
        """One job. Raises NotFoundError with the ids there are."""
        found = self._select(select(JOBS).where(JOBS.c.id == job_id))
        if not found:
            known = ", ".join(str(job.id) for job in self.jobs(10)) or "none yet"
            raise NotFoundError(f"There is no job {job_id}.", f"The newest jobs are: {known}.")
        return found[0]

    @takes(Role.VIEWER, "see jobs")
    def events(self, job_id: int, kind: str | None = None, after: int = 0) -> "pd.DataFrame":
        """What happened in a job, oldest first, with ``id`` > ``after``.

        Columns: id, at (UTC), kind (progress, metric, log or state), name, step, value, message.
        """
        import pandas as pd

        query = select(*(EVENTS.c[name] for name in EVENT_COLUMNS)).where(
            EVENTS.c.job_id == job_id, EVENTS.c.id > after
        )
        if kind is not None:
            query = query.where(EVENTS.c.kind == kind)
        with reading(self.engine) as session:
            rows = session.execute(query.order_by(EVENTS.c.id)).all()
        frame = pd.DataFrame([tuple(row) for row in rows], columns=list(EVENT_COLUMNS))
        return frame.assign(at=pd.to_datetime(frame["at"].astype("float64"), unit="s", utc=True))

    @changes(Role.ANALYST, "cancel a job", on=("job_id",))
    def request_cancel(self, job_id: int) -> Job:
        """Ask a job to stop: at once while it is queued, at the next safe point while it runs.

        A job that has ended stays as it is. Raises NotFoundError.
        """
        with writing(self.engine) as session:
            now = time.time()
            for before, after, more in (
                (Status.QUEUED, Status.CANCELLED, {"finished": now, "waits_for": None}),
                (Status.RUNNING, Status.CANCELLING, {}),
            ):
                query = update(JOBS).where(JOBS.c.id == job_id, JOBS.c.status == before)
                if session.execute(query.values(status=after, **more).returning(JOBS.c.id)).first():
                    add_state(session, job_id, after)
                    break
        job = self.job(job_id)
        if job.status is Status.CANCELLED and job.pid is None:
            withdraw(self._place, job)
        return job

    @changes(Role.ANALYST, "resume a job", on=("job_id",))
    def resume(self, job_id: int, backend: str | None = None) -> Job:
        """Queue a failed, cancelled or lost job again with the same parameters, with a worker of its own.

        ``backend``: ``local`` or ``ray``; by default where it ran before. Raises NotFoundError; InputError
        where the job is not over or has its result already, and where there is no such backend.
        """
        before = self.job(job_id).device
        wanted = backend or (RAY if before == RAY else None)
        if self.requeue(job_id, background_device(wanted) if wanted else before):
            start(self._place, self.job(job_id))
        return self.job(job_id)

    @changes(Role.ANALYST, "resume a job", on=("job_id",))
    def requeue(self, job_id: int, device: str | None = None) -> bool:
        """The ledger's part of ``resume``; False where someone else was faster."""
        job = self.job(job_id)
        if not job.resumable:
            raise InputError(
                f"Job {job_id} is {job.status}, so there is nothing to resume.",
                "Only failed, cancelled and lost jobs can be resumed.",
            )
        fresh = dict.fromkeys(("started", "finished", "pid", "pid_started", "heartbeat", "waits_for"))
        texts = dict.fromkeys(("stage", "message", "error", "remedy"), "")
        values = {**fresh, **texts, "done": 0.0, "total": 0.0, "status": Status.QUEUED}
        values["device"] = device or job.device
        with writing(self.engine) as session:
            values["queued"] = _end_of_line(session)
            where = (JOBS.c.id == job_id, JOBS.c.status == job.status)
            changed = session.execute(update(JOBS).where(*where).values(values).returning(JOBS.c.id)).first()
            if changed is not None:
                add_state(session, job_id, Status.QUEUED, "Resumed")
        return changed is not None

    def _select(self, query: Select[Any]) -> list[Job]:
        with reading(self.engine) as session:
            return [_job(row) for row in session.execute(query).mappings()]


def _check_share(session: Session, asks: Actor) -> None:
    settings = read_settings()
    theirs = select(func.count()).select_from(JOBS).where(JOBS.c.actor == asks.name, _UNFINISHED)
    count = session.scalar(theirs) or 0
    if settings.sign_in and count >= settings.max_jobs_each:
        raise InputError(
            f"{asks.name} has {count} unfinished jobs, and one person may have {settings.max_jobs_each}.",
            "Wait for one to end, or cancel one.",
        )


def _end_of_line(session: Session) -> float:
    """Now, but behind every job that has not ended, also where the clock was set back."""
    last = session.scalar(select(func.max(JOBS.c.queued)).where(_UNFINISHED))
    return max(time.time(), (last or 0.0) + TICK)


def _job(row: RowMapping) -> Job:
    values = dict(row)
    for name in ("created", "queued", "started", "finished", "heartbeat"):
        if values[name] is not None:
            values[name] = datetime.fromtimestamp(values[name], UTC)
    return Job(**{**values, "status": Status(values["status"])})
