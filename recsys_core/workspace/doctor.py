"""What works on this machine, and what to do about what doesn't."""

import importlib.metadata
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from recsys_core import __version__
from recsys_core.errors import DriftmapError
from recsys_core.settings import read_settings
from recsys_core.workspace.database import shown_url
from recsys_core.workspace.workspace import Workspace

LEAST_MEMORY_GB, LEAST_DISK_GB = 4, 2
SHOWN = ("streamlit", "torch", "transformers", "pandas", "duckdb", "umap-learn", "plotly")


@dataclass(frozen=True)
class Check:
    """One thing looked at. ``remedy`` is "" where ``ok``."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def examine(ws: Workspace) -> list[Check]:
    """Every check, in the order of the list below; none of them changes anything."""
    looks: dict[str, Callable[[Workspace], Check]] = {
        "versions": _versions,
        "database": _database,
        "disk": _disk,
        "memory": _memory,
        "device": _device,
        "encoder": _encoder,
    }
    return [_guarded(name, look, ws) for name, look in looks.items()]


def _guarded(name: str, look: Callable[[Workspace], Check], ws: Workspace) -> Check:
    try:
        return look(ws)
    except (DriftmapError, ImportError, OSError) as error:
        return Check(name, False, f"{type(error).__name__}: {error}", "Install Driftmap again.")


def _versions(_: Workspace) -> Check:
    listed = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in SHOWN)
    return Check("versions", True, f"Driftmap {__version__}, Python {platform.python_version()}, {listed}")


def _database(ws: Workspace) -> Check:
    count = len(ws.datasets())
    return Check("database", True, f"{shown_url(ws.engine)} answers and knows {count} datasets")


def _disk(ws: Workspace) -> Check:
    free = shutil.disk_usage(ws.root).free / 1e9
    ok = free >= LEAST_DISK_GB
    remedy = "" if ok else f"Free at least {LEAST_DISK_GB} GB, or choose another folder with --workspace."
    return Check("disk", ok, f"{free:.1f} GB free at {ws.root}", remedy)


def _memory(_: Workspace) -> Check:
    import psutil

    free = psutil.virtual_memory().available / 1e9
    ok = free >= LEAST_MEMORY_GB
    remedy = "" if ok else f"Close other programs: fine-tuning wants about {LEAST_MEMORY_GB} GB."
    return Check("memory", ok, f"{free:.1f} GB available", remedy)


def _device(_: Workspace) -> Check:
    from recsys_core.encoder.hardware import choose_device, fast_dtype

    device = choose_device(read_settings().device)
    return Check("device", True, f"{device}, {fast_dtype(device)}".replace("torch.", ""))


def _encoder(ws: Workspace) -> Check:
    from recsys_core.encoder.finding import encoders_here
    from recsys_core.encoder.loading import load_encoder

    encoder, others = load_encoder(device="cpu"), encoders_here(ws.root)[1:]
    also = f"; also here: {', '.join(others)}" if others else ""
    return Check("encoder", True, f"{encoder.name}, {encoder.dim} dimensions, weights verified{also}")
