"""The text encoders of a run: the one its training began with, and the one that reads texts for its model.

In mode head nothing changes the encoder after its pre-training, so one folder, ``encoder``, serves as
both. In lora and full ``encoder`` is the fine-tuned one, and ``pretrained`` is kept beside it: it has
learned from item texts only, so a model that is trained anew on a split may begin with it.
"""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys_core.encoder.finding import DEFAULT_ENCODER
from recsys_core.errors import InputError
from recsys_core.settings import read_settings
from recsys_core.workspace.belonging import MARK
from recsys_core.workspace.beside import CATALOGUE
from recsys_core.workspace.files import aside, put_in_place, write_file
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.workspace import Workspace

if TYPE_CHECKING:
    from recsys_core.encoder.text_encoder import TextEncoder

OWN: Final = "encoder"
PRETRAINED: Final = "pretrained"
CARD: Final = "README.md"
PROTOCOL: Final = (
    "cold-user. Validation users, whom the training never saw in one of their domains, are shown that "
    "domain's items, all of them ranked; ties count against the model."
)


def load_own_encoder(run: RunInfo | None, device: str = "auto") -> "TextEncoder":
    """The encoder in whose space the run's text vectors are, for texts that people type.

    ``run``: None for the packaged encoder. Raises InputError where its folder is gone, and what
    ``load_encoder`` raises.
    """
    if run is None or _mode(run) == "head":
        return load_first_encoder(run, device)
    return _kept(run, run.folder / OWN, device)


def load_first_encoder(run: RunInfo | None, device: str = "auto") -> "TextEncoder":
    """The encoder that the run's training began with; no interaction has taught it anything.

    Raises as ``load_own_encoder`` does.
    """
    from recsys_core.encoder.loading import load_encoder

    if run is None:
        return load_encoder(None, device)
    if passes_of(run):
        return _kept(run, pretrained_folder(run), device)
    return load_encoder(run.options.get("encoder"), device)


def load_chosen_encoder(ws: Workspace, name: str | None, device: str) -> "TextEncoder":
    """The encoder that a fine-tune in ``ws`` shall begin with, as ``load_encoder`` finds it. Where people
    sign in, one of another workspace is refused: it has learned from the titles there.
    """
    from recsys_core.encoder.loading import load_encoder

    folder = Path(name or DEFAULT_ENCODER)
    named = folder.is_absolute() or folder.exists()  # else it is the id of a model
    if read_settings().sign_in and named and any(_is_other(one, ws) for one in folder.resolve().parents):
        raise InputError(
            f"Encoder {name!r} is neither a folder nor a model of this workspace.", "Name another."
        )
    return load_encoder(name, device)


def _is_other(folder: Path, ws: Workspace) -> bool:
    return folder != ws.root and any((folder / name).exists() for name in (CATALOGUE, MARK))


def passes_of(run: RunInfo) -> int:
    """How often the encoder went through the item texts before the training, 0 for not at all."""
    return int(run.options.get("pretrain") or 0)


def pretrained_folder(run: RunInfo) -> Path:
    """Where the run's encoder lies after its pre-training."""
    return run.folder / (OWN if _mode(run) == "head" else PRETRAINED)


def is_pretrained(run: RunInfo) -> bool:
    """Whether the pre-training of a run is over and kept: its folder is there wholly or not at all."""
    return passes_of(run) > 0 and pretrained_folder(run).is_dir()


def keep_pretrained(encoder: "TextEncoder", run: RunInfo) -> None:
    """Save the encoder as it is after its pre-training, with its card, wholly or not at all."""
    _save(encoder, run, pretrained_folder(run), _card(encoder, run, {}, tuned=False))


def record_encoder(encoder: "TextEncoder", run: RunInfo, metrics: Mapping[str, Any]) -> None:
    """Leave ``encoder`` in the run's folder as a sentence-transformers folder whose card tells the metrics.

    A fine-tuned one is saved, wholly or not at all. In mode head one that was pre-trained lies there
    already and only gets its card; any other is not the run's own, and nothing is written.
    """
    if _mode(run) != "head":
        _save(encoder, run, run.folder / OWN, _card(encoder, run, metrics, tuned=True))
    elif is_pretrained(run):
        card = _card(encoder, run, metrics, tuned=False)
        write_file(pretrained_folder(run) / CARD, card.encode())


def _mode(run: RunInfo) -> str:
    return str(run.options.get("mode") or "head")


def _kept(run: RunInfo, folder: Path, device: str) -> "TextEncoder":
    """An encoder from the run's folder, under the name of the one it was made from."""
    from recsys_core.encoder.loading import load_encoder

    if not folder.is_dir():
        raise InputError(f"The text encoder of {run.name} is gone from {folder}.", "Fine-tune again.")
    encoder = load_encoder(folder, device)
    return replace(encoder, name=str(run.options.get("encoder_name") or encoder.name))


def _save(encoder: "TextEncoder", run: RunInfo, folder: Path, card: str) -> None:
    from recsys_core.encoder.saving import save_encoder

    with aside(run.folder) as writing:
        save_encoder(encoder, writing, card)
        shutil.rmtree(folder, ignore_errors=True)
        put_in_place(writing, folder)


def _card(encoder: "TextEncoder", run: RunInfo, metrics: Mapping[str, Any], *, tuned: bool) -> str:
    from recsys_core.encoder.card import base_licence, model_card

    said = "Not measured."
    if metrics:
        mean, low, high = (metrics[f"validation_{name}"] for name in ("ndcg@10", "low", "high"))
        said = f"NDCG@10 {mean:.4f} ({low:.4f} to {high:.4f}) on {metrics['validation_users']} users."
    return model_card(
        name=run.name,
        base=encoder.name,
        licence=base_licence(encoder.folder),
        dataset=run.dataset,
        version=run.version,
        options=run.options,
        protocol=f"{PROTOCOL} Split hash: {run.options.get('split_hash', 'unknown')}.",
        metrics=said,
        passes=passes_of(run),
        tuned=tuned,
    )
