"""One epoch of full fine-tuning on real logs against one forward and backward pass over all titles."""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.user_ids import UserIds
from recsys_core.columns import TEXT
from recsys_core.encoder.hardware import autocast
from recsys_core.encoder.loading import load_encoder
from recsys_core.encoder.text_encoder import length_sorted_batches
from recsys_core.progress import Silent
from recsys_core.training.finetune import TrainingRun
from recsys_core.training.item_gradients import EncoderTrainer, encoder_trainer
from recsys_core.training.options import Mode, TrainingOptions
from tests.benchmarks.shop import Floats, shop

# One epoch of a run that has only one, so that the encoder learns in it.
FULL = TrainingOptions(mode=Mode.FULL, epochs=1)
HEAD = TrainingOptions(mode=Mode.HEAD, epochs=1)


def test_an_epoch_costs_by_items_not_by_events(tmp_path: Path) -> None:
    dataset, vectors = shop(tmp_path, "food", "kitchen")
    doubled = _with_every_user_twice(dataset)
    print(f"\nfood and kitchen, {dataset.n_items:,} titles, {dataset.n_events:,} events", flush=True)
    bare = _forward_and_backward(dataset)
    print(f"all titles forward and backward: {bare:.1f} s", flush=True)  # the next parts take as long again
    head = _epoch(dataset, vectors, HEAD)
    print(f"user steps: {head:.1f} s", flush=True)
    full = _epoch(dataset, _learning_encoder(dataset), FULL)
    print(f"an epoch: {full:.1f} s, ratio {full / bare:.2f} (wanted 1.3)", flush=True)
    twice = _epoch(doubled, _learning_encoder(doubled), FULL)
    print(f"an epoch of twice the events: {twice:.1f} s, ratio {twice / full:.2f} (wanted 1.2)")


def _with_every_user_twice(dataset: Dataset) -> Dataset:
    again = np.concatenate([dataset.user, dataset.user + dataset.n_users])
    own = np.asarray(dataset.user_ids)
    ids = UserIds.of(np.concatenate([own, own + " again"]))
    item, moment, weight = (np.tile(values, 2) for values in (dataset.item, dataset.time, dataset.weight))
    return replace(dataset, user_ids=ids, user=again, item=item, time=moment, weight=weight)


def _forward_and_backward(dataset: Dataset) -> float:
    encoder = load_encoder(device="cpu")
    tokens = encoder.tokenize(dataset.items[TEXT].tolist())
    encoder.model.train()
    began = time.perf_counter()
    for rows in length_sorted_batches([len(token) for token in tokens]):
        with autocast(encoder.model.device):
            vectors = encoder.forward([tokens[row] for row in rows])
        torch.autograd.backward(vectors, torch.ones_like(vectors))
    return time.perf_counter() - began


def _learning_encoder(dataset: Dataset) -> EncoderTrainer:
    return encoder_trainer(load_encoder(device="cpu"), dataset.items[TEXT].tolist(), FULL)


def _epoch(dataset: Dataset, text: Floats | EncoderTrainer, options: TrainingOptions) -> float:
    """Seconds of an epoch: user steps, the push through the encoder, the new table; not what comes
    before the first.
    """
    run = TrainingRun(dataset, text, options, 0, Silent(), "cpu")
    began = time.perf_counter()
    run.epoch_of_steps()
    return time.perf_counter() - began
