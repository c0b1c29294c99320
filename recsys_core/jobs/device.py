"""The queue a job stands in: one job at a time per device."""

from pathlib import Path

from recsys_core.settings import read_settings


def queue_device() -> str:
    """The device jobs of this machine compute on, e.g. ``cpu`` or ``cuda:0``.

    Told without loading torch: ``auto`` is the first GPU where the NVIDIA driver shows one.
    """
    wanted = read_settings().device
    if wanted == "auto":
        return "cuda:0" if Path("/dev/nvidia0").exists() else "cpu"
    return "cuda:0" if wanted == "cuda" else wanted
