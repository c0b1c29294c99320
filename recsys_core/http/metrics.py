"""What Prometheus is told: counts and seconds, without a name of anybody or anything."""

import time
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from recsys_core import __version__
from recsys_core.errors import DriftmapError
from recsys_core.http.home import home
from recsys_core.jobs.job import Status
from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.census import count_all

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What this server measures of itself, and what it finds in the workspace when it is asked."""

    def __init__(self) -> None:
        """Nothing is measured yet."""
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(WorkspaceCollector())
        labels = ("route", "status")
        self._requests = Counter(
            "driftmap_http_requests", "Requests to the HTTP API.", labels, registry=self._registry
        )
        self._seconds = Histogram(
            "driftmap_http_request_duration_seconds",
            "From the request to the answer.",
            ("route",),
            buckets=SECONDS,
            registry=self._registry,
        )

    def observe(self, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)


class WorkspaceCollector(Collector):
    """Counts of the workspace, asked for when somebody reads them. ``driftmap_catalogue_up`` is 0, and the
    others are left out, where the database does not answer.
    """

    def collect(self) -> Iterator[Metric]:
        """The counts now."""
        build = GaugeMetricFamily("driftmap_build_info", "The version of Driftmap.", labels=("version",))
        build.add_metric((__version__,), 1)
        yield build
        try:
            found = list(_counts())
        except (SQLAlchemyError, DriftmapError):
            found = []
        yield GaugeMetricFamily("driftmap_catalogue_up", "Whether the catalogue answers.", float(bool(found)))
        yield from found

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand, so that making a server opens no workspace."""
        return iter(())


def _counts() -> Iterator[Metric]:
    ws = home()
    began = time.perf_counter()
    census = count_all(ws)
    seconds = time.perf_counter() - began
    yield GaugeMetricFamily("driftmap_catalogue_latency_seconds", "How long the counting took.", seconds)
    yield GaugeMetricFamily("driftmap_datasets", "Datasets.", census.datasets)
    yield GaugeMetricFamily("driftmap_dataset_versions", "Versions of datasets.", census.versions)
    yield GaugeMetricFamily("driftmap_events", "Events of the newest versions.", census.events)
    runs = GaugeMetricFamily("driftmap_runs", "Training runs.", labels=("status",))
    for status, count in sorted(census.runs.items()):
        runs.add_metric((status,), count)
    yield runs
    by_status = Ledger(ws).counts()
    jobs = GaugeMetricFamily("driftmap_jobs", "Background jobs.", labels=("status",))
    for status in Status:
        jobs.add_metric((status,), by_status.get(status, 0))
    yield jobs
    queued = by_status.get(Status.QUEUED, 0)
    yield GaugeMetricFamily("driftmap_job_queue_length", "Jobs that wait for their turn.", queued)
