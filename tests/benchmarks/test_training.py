"""One epoch of full fine-tuning against one forward and backward pass over all texts."""

import time
from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from recsys_core.catalogue.dataset import Dataset
from recsys_core.encoder.hardware import autocast
from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.text_encoder import length_sorted_batches
from recsys_core.progress import Silent
from recsys_core.training.finetune import train_interest_model
from recsys_core.training.item_gradients import encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions
from tests.benchmarks.test_encoding import sample_titles


def test_an_epoch_costs_by_items_not_by_events() -> None:
    dataset = _dataset(sample_titles(), n_events=30_000)
    options = TrainingOptions(mode=Mode.FULL, epochs=1)
    bare = _forward_and_backward(dataset.items["text"].tolist())
    trainer = encoder_trainer(load_encoder(device="cpu"), dataset.items["text"].tolist(), options)
    full = _epoch(dataset, trainer, options)
    head = _epoch(dataset, trainer.table(Silent()).numpy(), replace(options, mode=Mode.HEAD))
    twice = _epoch(_dataset(sample_titles(), n_events=60_000), trainer, options)
    print(
        f"\n{dataset.n_items:,} texts, {dataset.n_events:,} events: forward and backward {bare:.1f} s,"
        f" epoch {full:.1f} s, ratio {full / bare:.2f} (wanted 1.3); of it user steps {head:.1f} s;"
        f" with twice the events {twice:.1f} s, ratio {twice / full:.2f} (wanted 1.2)"
    )


def _dataset(titles: list[str], n_events: int) -> Dataset:
    rng = np.random.default_rng(0)
    ids = [f"{n:05}" for n in range(len(titles))]
    items = pd.DataFrame({"item_id": ids, "domain": "shop", "title": titles, "text": titles})
    log = pd.DataFrame(
        {
            "user_id": rng.integers(n_events // 20, size=n_events).astype(str),
            "item_id": rng.choice(ids, n_events),
            "domain": "shop",
            "timestamp": pd.to_datetime(
                rng.integers(1_600_000_000, 1_700_000_000, n_events), unit="s", utc=True
            ),
            "event": "view",
            "weight": 1.0,
        }
    )
    return Dataset.from_frames("bench", 1, log, items)


def _forward_and_backward(texts: list[str]) -> float:
    encoder = load_encoder(device="cpu")
    tokens = encoder.tokenize(texts)
    encoder.model.train()
    began = time.perf_counter()
    for rows in length_sorted_batches([len(token) for token in tokens]):
        with autocast(encoder.model.device):
            vectors = encoder.forward([tokens[row] for row in rows])
        torch.autograd.backward(vectors, torch.ones_like(vectors))
    return time.perf_counter() - began


def _epoch(dataset, text, options) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    train_interest_model(dataset, text, lambda _: 0.0, options, 0, Silent(), device="cpu")
    return time.perf_counter() - began
