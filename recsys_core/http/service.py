"""What the routes share while the server runs."""

from dataclasses import dataclass, field

from recsys_core.http.limit import Limit
from recsys_core.http.metrics import Metrics
from recsys_core.http.prepared import Prepared
from recsys_core.http.threads import Threads


@dataclass(frozen=True)
class Service:
    """One for each server."""

    threads: Threads = field(default_factory=Threads)
    limit: Limit = field(default_factory=Limit)
    prepared: Prepared = field(default_factory=Prepared)
    metrics: Metrics = field(default_factory=Metrics)
