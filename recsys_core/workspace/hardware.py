"""What the device that a model is trained on is called."""

import platform
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


def device_name(wanted: str = "auto") -> str:
    """``NVIDIA H100 80GB HBM3``, or the processor's name; ``wanted``: as ``choose_device`` takes it."""
    from recsys_core.encoder.hardware import choose_device

    device = choose_device(wanted)
    if device.type == "cuda":
        import torch

        return torch.cuda.get_device_name(device)
    return processor_name()


def processor_name(listed: Path = CPU_INFO) -> str:
    """The processor as it calls itself, else its kind, e.g. ``x86_64``; ``listed``: where Linux says so."""
    try:
        lines = listed.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next((name for name in named if name), "") or platform.processor() or platform.machine()
