"""The queue a job stands in: one job at a time per device, or the scheduler of a Ray cluster."""

from pathlib import Path
from typing import Final

from recsys_core.errors import InputError
from recsys_core.settings import read_settings

RAY: Final = "ray"
"""The device of jobs that a Ray cluster places; their line is the cluster's own."""


def queue_device() -> str:
    """The device jobs of this machine compute on, e.g. ``cpu`` or ``cuda:0``.

    Told without loading torch: ``auto`` is the first GPU where the NVIDIA driver shows one.
    """
    wanted = read_settings().device
    if wanted == "auto":
        return "cuda:0" if Path("/dev/nvidia0").exists() else "cpu"
    return "cuda:0" if wanted == "cuda" else wanted


def background_device(backend: str | None = None) -> str:
    """The device of a background job: of ``backend`` (``local`` or ``ray``), by default the cluster's where
    one is configured. Raises InputError where ``ray`` is asked for and no cluster is.
    """
    address = read_settings().ray_address
    if backend == RAY and not address:
        raise InputError(
            "No Ray cluster is configured.",
            "Set DRIFTMAP_RAY_ADDRESS, e.g. to http://head:8265, or use --backend local.",
        )
    return RAY if address and backend != "local" else queue_device()
