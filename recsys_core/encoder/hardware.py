"""Which device and number format this machine works best with."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from recsys_core.errors import InputError
from recsys_core.settings import read_settings

if TYPE_CHECKING:
    import torch


def choose_device(wanted: str = "auto") -> "torch.device":
    """``auto`` is CUDA where present, else the processor.

    Raises InputError where a CUDA device is asked for and there is none.
    """
    import torch

    if wanted == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if wanted.startswith("cuda") and not torch.cuda.is_available():
        raise InputError(
            f"Device {wanted!r} was asked for, but this machine has no usable CUDA GPU.",
            "Set DRIFTMAP_DEVICE to auto or cpu.",
        )
    return torch.device(wanted)


def fast_dtype(device: "torch.device") -> "torch.dtype":
    """bfloat16 where the hardware multiplies it (AVX512-BF16, AMX, recent CUDA), else, and where the settings
    ask for it, float32.
    """
    import torch

    if read_settings().precision == "float32":
        return torch.float32
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    multiplies = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if multiplies else torch.float32


def autocast(device: "torch.device") -> Any:
    """A context in which matrix products run in ``fast_dtype``."""
    import torch

    dtype = fast_dtype(device)
    return torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32)


def attention_that_learns(device: "torch.device") -> Any:
    """A context for attention whose gradient is wanted: the processor's fused kernel takes twice as long
    there and back as plain products.
    """
    from torch.nn.attention import SDPBackend, sdpa_kernel

    return sdpa_kernel(SDPBackend.MATH) if device.type == "cpu" else nullcontext()


@contextmanager
def drawing(seed: int, device: "torch.device") -> Iterator[None]:
    """Draw torch's random numbers from ``seed``; afterwards they go on as if nothing had been drawn."""
    import torch

    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


@contextmanager
def reproducible(device: "torch.device") -> Iterator[None]:
    """On the processor, the same work gives the very same numbers: PyTorch otherwise adds up the gradients
    of repeated rows from several threads in whatever order they come.
    """
    import torch

    before = torch.are_deterministic_algorithms_enabled()
    filling = torch.utils.deterministic
    filled = filling.fill_uninitialized_memory  # type: ignore[attr-defined]
    torch.use_deterministic_algorithms(before or device.type == "cpu")
    # Memory that is written before it is read needs no filling, which costs a tenth of the time.
    filling.fill_uninitialized_memory = before and filled  # type: ignore[attr-defined]
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)
        filling.fill_uninitialized_memory = filled  # type: ignore[attr-defined]
