"""The writing side of one ledger row: what the processes that work on a job put down."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert, select, update

from recsys_core.jobs.failures import Failure
from recsys_core.jobs.job import Status
from recsys_core.jobs.place import Place
from recsys_core.jobs.processes import ProcessId
from recsys_core.jobs.tables import EVENTS, JOBS, add_state
from recsys_core.workspace.database import reading, writing

AT_WORK = (Status.RUNNING, Status.CANCELLING)


class JobRecord:
    """One job's row and events.

    Every change of status names the status it expects to find, so that two processes can never both
    believe that they own a job; each method says whether the change took place.
    """

    def __init__(self, place: Place, job_id: int) -> None:
        """``place``: the workspace; ``job_id``: a job of its ledger."""
        self._engine = place.engine
        self.job_id = job_id

    def status(self) -> Status:
        """Where the job stands now."""
        with reading(self._engine) as session:
            return Status(session.execute(select(JOBS.c.status).where(JOBS.c.id == self.job_id)).scalar_one())

    def attach(self, process: ProcessId) -> bool:
        """Name the process that answers for the queued job."""
        return self._change((Status.QUEUED,), {**_columns(process), "heartbeat": time.time()})

    def wait_for(self, other: int | None) -> bool:
        """Put down which job has to end first."""
        return self._change((Status.QUEUED,), {"waits_for": other, "heartbeat": time.time()})

    def say(self, message: str) -> bool:
        """Put down what the queued job waits for."""
        return self._change((Status.QUEUED,), {"message": message})

    def move(self, device: str) -> bool:
        """Put the queued job into the line for another device."""
        return self._change((Status.QUEUED,), {"device": device, "message": ""})

    def refuse(self, failure: Failure) -> bool:
        """The queued job cannot be started."""
        values = {"status": Status.FAILED, "error": failure.error, "remedy": failure.remedy}
        return self._change((Status.QUEUED,), {**values, "finished": time.time()}, failure.error)

    def claim(self, process: ProcessId) -> bool:
        """From queued to running, for the process that was attached last."""
        now = time.time()
        fresh = {"started": now, "heartbeat": now, "waits_for": None, "message": ""}
        return self._change((Status.QUEUED,), {"status": Status.RUNNING, **fresh}, "", process)

    def beat(self) -> bool:
        """A sign of life."""
        return self._change(AT_WORK, {"heartbeat": time.time()})

    def write(self, values: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> None:
        """Columns of the row (stage, done, total, message) and new events, in one transaction."""
        with writing(self._engine) as session:
            if values:
                session.execute(update(JOBS).where(JOBS.c.id == self.job_id).values(dict(values)))
            if events:
                session.execute(insert(EVENTS), [{"job_id": self.job_id, **event} for event in events])

    def finish(self, result: Mapping[str, Any]) -> bool:
        """The work is done; a cancel that came too late changes nothing."""
        return self._end(Status.FINISHED, {"result": dict(result)})

    def fail(self, failure: Failure) -> bool:
        """The work failed, in plain words."""
        return self._end(Status.FAILED, {"error": failure.error, "remedy": failure.remedy}, failure.error)

    def cancelled(self) -> bool:
        """The work stopped because it was asked to."""
        return self._end(Status.CANCELLED, {})

    def lost(self, failure: Failure) -> bool:
        """The process is gone and nobody wrote down why."""
        said = {"error": failure.error, "remedy": failure.remedy}
        return self._end(Status.LOST, said, failure.error, (*AT_WORK, Status.QUEUED))

    def _end(
        self,
        status: Status,
        values: Mapping[str, Any],
        message: str = "",
        expected: Sequence[Status] = AT_WORK,
    ) -> bool:
        return self._change(expected, {**values, "status": status, "finished": time.time()}, message)

    def _change(
        self,
        expected: Sequence[Status],
        values: Mapping[str, Any],
        message: str = "",
        process: ProcessId | None = None,
    ) -> bool:
        query = update(JOBS).where(JOBS.c.id == self.job_id, JOBS.c.status.in_(expected))
        if process is not None:
            query = query.where(JOBS.c.pid == process.pid, JOBS.c.host == process.host)
        with writing(self._engine) as session:
            changed = session.execute(query.values(dict(values)).returning(JOBS.c.id)).first() is not None
            if changed and "status" in values:
                add_state(session, self.job_id, values["status"], message)
        return changed


def _columns(process: ProcessId) -> dict[str, Any]:
    return {"pid": process.pid, "pid_started": process.started, "host": process.host}
