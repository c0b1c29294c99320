"""How well an encoder's fine-tune uses the device: tokens a second, utilisation, memory, an epoch's time.

``python -m tests.benchmarks.gpu_finetune [--device cuda|cpu] [--texts N] [--seconds S] [--peak FLOPS]``

Measured for the packaged encoder and for a BERT of 110 million random weights, with made-up titles of
about 20 tokens. Teaching is ``EncoderTrainer.push`` (forward, backward and the optimiser's steps, full
mode), reading is ``EncoderTrainer.table`` (forward only).

Model-FLOPs utilisation is (tokens a second) · (FLOPs a token) / (peak FLOP/s), with FLOPs a token of
6·N + 12·L·D·T for teaching and a third of that for reading (Chowdhery et al. 2022, PaLM, appendix B).
N: weights that every token is multiplied by, so neither embeddings nor the pooler; L: layers; D: their
width; T: the length of the text a mean token is in. Peak is that of dense bfloat16.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
import torch

from recsys_core.encoder.hardware import choose_device, fast_dtype
from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.text_encoder import TextEncoder
from recsys_core.progress import Silent
from recsys_core.randomness import rng_from
from recsys_core.training.item_gradients import EncoderTrainer, encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions

PEAKS = {"H100": 989e12, "H200": 989e12, "A100": 312e12, "L4": 121e12, "RTX 4090": 165e12}
TEXTS = {"cuda": 52_000, "cpu": 128}
EPOCH_TEXTS = 52_000
WANTED_UTILISATION, WANTED_EPOCH = 0.35, 10.0
WORDS = (
    "green",
    "black",
    "tea",
    "leaf",
    "pan",
    "handle",
    "cup",
    "steel",
    "small",
    "large",
    "red",
    "oak",
    "book",
)


@dataclass(frozen=True)
class Measured:
    """Tokens a second taught and read; ``memory``: peak bytes on a GPU, else those the process holds."""

    taught: float
    read: float
    memory: int


def main() -> None:
    """Measure both encoders and print a table's worth of lines."""
    chosen = _arguments()
    device = choose_device(chosen.device)
    peak = chosen.peak or _known_peak(device)
    titles = made_up_titles(chosen.texts or TEXTS[device.type])
    print(f"{_name(device)}, {str(fast_dtype(device)).removeprefix('torch.')}, {len(titles):,} titles")
    print(f"peak {peak / 1e12:.4g} TFLOP/s" if peak else "peak unknown, so no utilisation (see --peak)")
    with TemporaryDirectory() as folder:
        for encoder in encoders(Path(folder), str(device)):
            trainer = encoder_trainer(encoder, titles, TrainingOptions(mode=Mode.FULL))
            print("\n".join(lines(trainer, measure(trainer, chosen.seconds), peak)))
            del encoder, trainer  # before the next one's memory is measured


def encoders(folder: Path, device: str) -> Iterator[TextEncoder]:
    """The packaged encoder, then a random BERT of the base size with the same tokenizer."""
    packaged = load_encoder(device=device)
    packaged.tokenizer.save_pretrained(folder)
    yield packaged
    del packaged
    from transformers import BertConfig, BertModel

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        BertModel(BertConfig()).save_pretrained(folder)
    yield replace(load_encoder(folder, device), name="BERT base, random weights")


def made_up_titles(n: int) -> list[str]:
    """``n`` titles of 12 to 24 common words, each one token; two more begin and end a text."""
    rng = rng_from(0, "titles")
    return [" ".join(rng.choice(WORDS, rng.integers(12, 25))) for _ in range(n)]


def measure(trainer: EncoderTrainer, seconds: float) -> Measured:
    """Teach and read all texts, again and again for ``seconds`` each."""
    device = trainer.encoder.model.device
    gradient = 1e-3 * torch.randn(len(trainer.tokens), trainer.encoder.dim, device=device)
    few = replace(trainer, tokens=trainer.tokens[::8])
    few.push(gradient[::8], Silent())  # warms up
    few.table(Silent())
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    taught = trainer.n_tokens / _timed(lambda: trainer.push(gradient, Silent()), device, seconds)
    memory = psutil.Process().memory_info().rss
    if device.type == "cuda":
        memory = torch.cuda.max_memory_allocated(device)
    read = trainer.n_tokens / _timed(lambda: trainer.table(Silent()), device, seconds)
    return Measured(taught, read, memory)


def _timed(work: Callable[[], object], device: torch.device, seconds: float) -> float:
    """Seconds that ``work`` takes, the mean over as many times as fit into ``seconds``."""
    _wait(device)
    began, n = time.perf_counter(), 0
    while n == 0 or time.perf_counter() - began < seconds:
        work()
        _wait(device)
        n += 1
    return (time.perf_counter() - began) / n


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def lines(trainer: EncoderTrainer, measured: Measured, peak: float) -> Iterator[str]:
    """What was measured, in words, beside what is wanted."""
    encoder = trainer.encoder
    n_weights = sum(p.numel() for p in encoder.model.parameters())
    larger = n_weights > 100e6
    texts = len(trainer.tokens)
    long = trainer.n_tokens / texts
    yield f"\n{encoder.name}: {n_weights / 1e6:.0f} million weights, {long:.1f} tokens a title"
    cost = flops_per_token(trainer)
    for what, speed, flops in (("teaching", measured.taught, cost), ("reading", measured.read, cost / 3)):
        used = f", {speed * flops / peak:.1%} of peak" if peak else ""
        wanted = f" (wanted {WANTED_UTILISATION:.0%})" if used and larger and what == "teaching" else ""
        yield f"  {what}: {speed:,.0f} tokens/s{used}{wanted}"
    where = "peak on the GPU" if encoder.model.device.type == "cuda" else "held by the process"
    yield f"  memory: {measured.memory / 1e6:,.0f} MB ({where})"
    epoch = EPOCH_TEXTS * long * (1 / measured.taught + 1 / measured.read)
    yield (
        f"  an epoch of full over {EPOCH_TEXTS:,} titles, told from these speeds and without user steps: "
        f"{epoch:.1f} s (wanted under {WANTED_EPOCH:.0f})"
    )


def flops_per_token(trainer: EncoderTrainer) -> float:
    """6·N + 12·L·D·T; see the module's formula."""
    config = trainer.encoder.model.config
    apart = ("embeddings.", "pooler.")
    n = sum(p.numel() for name, p in trainer.encoder.model.named_parameters() if not name.startswith(apart))
    lengths = np.array([len(tokens) for tokens in trainer.tokens], float)
    mean_length = float((lengths**2).sum() / lengths.sum())
    return float(6 * n + 12 * config.num_hidden_layers * config.hidden_size * mean_length)


def _known_peak(device: torch.device) -> float:
    """Dense bfloat16 FLOP/s of the GPU by its name; 0 where unknown."""
    if device.type != "cuda":
        return 0.0
    words = torch.cuda.get_device_name(device).replace("-", " ") + " "
    return next((peak for name, peak in PEAKS.items() if f"{name} " in words), 0.0)


def _name(device: torch.device) -> str:
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    return f"a processor, {torch.get_num_threads()} thread(s)"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure an encoder's fine-tune on this machine.")
    parser.add_argument("--device", default="auto", help="auto, cuda, cuda:N or cpu")
    parser.add_argument("--texts", type=int, help="titles to measure with")
    parser.add_argument("--seconds", type=float, default=10.0, help="least time for each measurement")
    parser.add_argument("--peak", type=float, default=0.0, help="peak FLOP/s, where the device is not known")
    return parser.parse_args()


if __name__ == "__main__":
    main()
