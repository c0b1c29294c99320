"""Jobs in the background: detached processes of this machine, one at a time per device, or a cluster's."""

from collections.abc import Mapping
from typing import Any

from recsys_core.jobs.job import Job
from recsys_core.jobs.kinds import plain, title_of
from recsys_core.jobs.ledger import Ledger
from recsys_core.jobs.place import Place
from recsys_core.jobs.reaper import reap
from recsys_core.jobs.starting import start


def submit_local(
    place: Place,
    kind: str,
    params: Mapping[str, Any] | None = None,
    *,
    title: str = "",
    dataset: str = "",
    device: str | None = None,
) -> Job:
    """Queue a job and start its worker. Returns at once; the job outlives the caller.

    Without a ``device`` it runs where the settings say, on this machine or on a Ray cluster. ``kind`` is one
    of ``kinds.KINDS``, ``params`` its parameters (paths become text). ``title`` and ``dataset`` are what
    people see, by default told from ``params``. Raises InputError.
    """
    params = plain(params or {})
    dataset = dataset or str(params.get("dataset", ""))
    title = title or title_of(kind, dataset)
    reap(place)
    job = Ledger(place).submit(kind, params, title, dataset, device)
    start(place, job)
    return Ledger(place).job(job.id)
