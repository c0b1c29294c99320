"""Progress of a job, written to the ledger without ever keeping the work waiting."""

import threading
import time
import traceback
from types import TracebackType
from typing import Any, Self

from sqlalchemy.exc import SQLAlchemyError

from recsys_core.errors import BusyError, CancelledError
from recsys_core.jobs.job import Status
from recsys_core.jobs.record import JobRecord

INTERVAL = 0.5  # seconds between two writes
BEAT_SECONDS = 2.0


class LedgerProgress:
    """A Progress that goes to the ledger; use it as a context manager.

    Calls only fill a buffer. A thread of its own empties it every half second, in one transaction,
    gives a sign of life, and asks whether the user wants the job to stop. Every metric and log line is
    kept; of progress within a stage, only the newest counts. What could not be written (a busy
    database) is tried again.
    """

    def __init__(self, record: JobRecord, interval: float = INTERVAL) -> None:
        """``interval``: seconds between two writes."""
        self._record = record
        self._interval = interval
        self._beat = time.monotonic()
        self._lock = threading.Lock()
        self._values: dict[str, Any] = {}
        self._events: list[dict[str, Any]] = []
        self._cancelled = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="ledger", daemon=True)

    def __enter__(self) -> Self:
        """Start writing."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is left."""
        self._closing.set()
        self._thread.join()

    def stage(self, name: str) -> None:
        """A new stage: its units are counted anew."""
        self._put({"stage": name, "done": 0.0, "total": 0.0, "message": ""}, "progress", name=name)

    def advance(self, done: float, total: float, message: str = "") -> None:
        """``done`` of ``total`` units of this stage are through."""
        self._put({"done": float(done), "total": float(total), "message": message})

    def metric(self, name: str, step: int, value: float) -> None:
        """A point of a curve."""
        self._put({}, "metric", name=name, step=int(step), value=float(value))

    def log(self, message: str) -> None:
        """A line for the log."""
        self._put({}, "log", message=message)

    def check_cancelled(self) -> None:
        """Raise CancelledError once the user has asked to stop (noticed within ``interval``)."""
        if self._cancelled.is_set():
            raise CancelledError("The job was cancelled.")

    def _put(self, values: dict[str, Any], kind: str = "", **event: Any) -> None:
        blank = {"name": "", "step": None, "value": None, "message": ""}
        with self._lock:
            self._values.update(values)
            if kind:
                self._events.append({**blank, "at": time.time(), "kind": kind, **event})

    def _run(self) -> None:
        while not self._closing.wait(self._interval):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        with self._lock:
            values, events = self._values, self._events
            self._values, self._events = {}, []
        try:
            if values or events:
                self._record.write(values, events)
            if time.monotonic() - self._beat > BEAT_SECONDS:
                self._beat = time.monotonic()
                self._record.beat()
            if self._record.status() is Status.CANCELLING:
                self._cancelled.set()
        except (SQLAlchemyError, BusyError):
            traceback.print_exc()
            with self._lock:
                self._values = {**values, **self._values}
                self._events = events + self._events
