"""What works on this machine, and what to do about what doesn't."""

import importlib.metadata
import platform
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from recsys_core import __version__
from recsys_core.access import Role
from recsys_core.errors import DriftmapError, InputError, OutageError
from recsys_core.settings import read_settings
from recsys_core.workspace.engines import described
from recsys_core.workspace.gate import takes
from recsys_core.workspace.storage.opening import open_remote
from recsys_core.workspace.storage.probe import probe
from recsys_core.workspace.workspace import Workspace

NAMES: Final = ("versions", "database", "storage", "disk", "memory", "device", "encoder")
NEEDED: Final = ("database", "disk", "weights")
"""What is looked at, quickly, to tell whether the server can answer."""
LEAST_MEMORY_GB, LEAST_DISK_GB = 4, 2
SHOWN = ("streamlit", "torch", "transformers", "pandas", "duckdb", "umap-learn", "plotly")


@dataclass(frozen=True)
class Check:
    """One thing looked at. ``remedy`` is "" where ``ok``."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


@takes(Role.VIEWER, "see what works here")
def examine(root: Path, names: Sequence[str] = NAMES) -> list[Check]:
    """The checks called ``names`` of a workspace, in this order; none of them changes anything."""
    looks: dict[str, Callable[[Path], Check]] = {
        "versions": _versions,
        "database": _database,
        "storage": _storage,
        "disk": _disk,
        "memory": _memory,
        "device": _device,
        "encoder": _encoder,
        "weights": _weights,
    }
    return [_guarded(name, looks[name], root) for name in names]


def _guarded(name: str, look: Callable[[Path], Check], root: Path) -> Check:
    try:
        return look(root)
    except (InputError, OutageError) as error:
        return Check(name, False, error.problem, error.remedy)
    except (DriftmapError, ImportError, OSError) as error:
        return Check(name, False, f"{type(error).__name__}: {error}", "Install Driftmap again.")


def _versions(_: Path) -> Check:
    listed = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in SHOWN)
    return Check("versions", True, f"Driftmap {__version__}, Python {platform.python_version()}, {listed}")


def _database(root: Path) -> Check:
    ws = Workspace.open(root)
    with ws.engine.connect() as connection:
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[ws.engine.dialect.name]
    where, count = described(ws.engine.url), len(ws.datasets())
    return Check("database", True, f"{kind} {version}, {where}, answers and knows {count} datasets")


def _storage(root: Path) -> Check:
    remote = open_remote(root, Workspace.open(root).engine)
    if remote is None:
        return Check("storage", True, f"the disk of this machine, at {root}")
    trips = probe(remote.objects)
    said = ", ".join(f"{what} {1000 * seconds:.1f} ms" for what, seconds in trips.items())
    return Check("storage", True, f"{remote.url} answers and can be written to: {said} a round trip")


def _disk(root: Path) -> Check:
    free = shutil.disk_usage(root).free / 1e9
    ok = free >= LEAST_DISK_GB
    remedy = "" if ok else f"Free at least {LEAST_DISK_GB} GB, or choose another folder with --workspace."
    return Check("disk", ok, f"{free:.1f} GB free at {root}", remedy)


def _memory(_: Path) -> Check:
    import psutil

    free = psutil.virtual_memory().available / 1e9
    ok = free >= LEAST_MEMORY_GB
    remedy = "" if ok else f"Close other programs: fine-tuning wants about {LEAST_MEMORY_GB} GB."
    return Check("memory", ok, f"{free:.1f} GB available", remedy)


def _device(_: Path) -> Check:
    from recsys_core.encoder.hardware import choose_device, fast_dtype

    device = choose_device(read_settings().device)
    return Check("device", True, f"{device}, {fast_dtype(device)}".replace("torch.", ""))


def _encoder(root: Path) -> Check:
    from recsys_core.encoder.finding import encoders_here
    from recsys_core.encoder.loading import load_encoder

    encoder, others = load_encoder(device="cpu"), encoders_here(root)[1:]
    also = f"; also here: {', '.join(others)}" if others else ""
    return Check("encoder", True, f"{encoder.name}, {encoder.dim} dimensions, weights verified{also}")


def _weights(_: Path) -> Check:
    """As ``_encoder``, without loading it."""
    from recsys_core.encoder.finding import DEFAULT_ENCODER, packaged_folder

    ok = (packaged_folder() / "model.safetensors").is_file()
    remedy = "" if ok else "Install Driftmap again."
    return Check("weights", ok, f"those of {DEFAULT_ENCODER} {'are' if ok else 'are not'} there", remedy)
