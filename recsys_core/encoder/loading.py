"""Loading an encoder: the packaged one, a local folder, or a model id.

Weights are read from safetensors only, and no code that comes with a model is ever run.
"""

import hashlib
import logging
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from recsys_core.encoder.finding import DEFAULT_ENCODER, fetched_folder, packaged_folder, sha256
from recsys_core.encoder.recipe import Recipe, pooling_of_kind, read_recipe
from recsys_core.encoder.text_encoder import TextEncoder, to_device
from recsys_core.encoder.trust import check_folder
from recsys_core.errors import InputError, ResourceError
from recsys_core.settings import read_settings

MOST_TOKENS = 512
_NO_HEAD = "This checkpoint seem corrupted. The tied weights"  # transformers' words for a missing output head
_SAVED_OTHERWISE = ("*.bin", "*.pt", "*.h5", "*.msgpack", "*.onnx")


def load_encoder(name: str | Path | None = None, device: str = "auto") -> TextEncoder:
    """The encoder called ``name``: None or the default's name, a folder, or a Hugging Face id.

    Pooling, length and prompt are those that a sentence-transformers folder says; of a plain Hugging
    Face folder decoders are pooled at their last token and all others by the mean. Weights are held in
    float32, so that they can learn.

    Raises InputError where there is no such encoder, it lacks safetensors weights, needs a step that is not
    done here or asks for more than being read (see ``check_folder``); ResourceError where the packaged
    weights are damaged.
    """
    if name is None or str(name) == DEFAULT_ENCODER:
        return _from_folder(packaged_folder(), DEFAULT_ENCODER, device)
    if "://" in str(name):
        raise InputError(
            "An address of the web cannot name an encoder.",
            "Give the id of a model, as in owner/name, or a folder.",
        )
    if Path(name).is_dir():
        return _from_folder(Path(name), Path(name).name, device)
    return _from_folder(fetched_folder(str(name)), str(name), device)


@lru_cache(maxsize=1)
def load_same_encoder(name: str, folder: Path, fingerprint: str) -> TextEncoder:
    """The encoder that another process loaded from ``folder``, or by ``name`` where that is not here, for
    the device of this one; kept for the next time. Raises ResourceError where it is another here.
    """
    encoder = load_encoder(folder if folder.is_dir() else name, read_settings().device)
    if encoder.fingerprint != fingerprint:
        raise ResourceError(f"The encoder {name!r} is another one here than where the work began.")
    return encoder


def _from_folder(folder: Path, name: str, device: str) -> TextEncoder:
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    check_folder(folder)
    recipe = read_recipe(folder)
    _check_files(recipe.weights)
    tokenizer, model = _read(recipe)
    pooling = recipe.pooling or pooling_of_kind(model.config)
    longest = _max_tokens(recipe, tokenizer, model)
    return TextEncoder(
        model=to_device(model, device),
        tokenizer=tokenizer,
        pooling=pooling,
        max_tokens=longest,
        fingerprint=_fingerprint(recipe, f"{pooling}:{longest}:{recipe.lower_case}:{recipe.prompt}"),
        name=name,
        folder=folder,
        prompt=recipe.prompt,
    )


def _check_files(folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise InputError(
            f"The folder {folder} holds no encoder: it needs config.json and *.safetensors.",
            "Give the folder of a sentence-transformers or Hugging Face model saved as safetensors.",
        )
    if not any(folder.glob("*.safetensors")):
        others = sorted(f.name for pattern in _SAVED_OTHERWISE for f in folder.glob(pattern))
        found = f"holds {others[0]} but" if others else "has config.json but"
        raise InputError(
            f"The folder {folder} {found} no *.safetensors; weights are read from safetensors only.",
            "Save the model with save_pretrained, which writes model.safetensors, and give that folder.",
        )


def read_weights(kind: Any, folder: Path) -> tuple[Any, list[str]]:
    """The model in ``folder`` as transformers' auto class ``kind`` reads it, in float32 and from
    safetensors only, and the names of the weights that the folder lacks, which are random.
    """
    import torch

    logger = logging.getLogger("transformers.modeling_utils")
    logger.addFilter(_no_report)  # what is missing is returned rather than printed
    try:
        model, report = kind.from_pretrained(
            folder,
            trust_remote_code=False,
            use_safetensors=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
    finally:
        logger.removeFilter(_no_report)
    return model, sorted(report["missing_keys"])


def _no_report(record: logging.LogRecord) -> bool:
    said = record.getMessage()
    return "LOAD REPORT" not in said and not said.startswith(_NO_HEAD)


def _read(recipe: Recipe) -> tuple[Any, Any]:
    from safetensors import SafetensorError
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    folder = recipe.weights
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        _check_kind(folder, config)
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model, missing = read_weights(AutoModel, folder)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError, SafetensorError) as error:
        raise InputError(
            f"The model in {folder} cannot be read: {str(error).strip().splitlines()[0]}",
            "Give a text model that this version of transformers knows without code of its own.",
        ) from error
    lacking = [name for name in missing if "pooler" not in name]
    if lacking:
        raise InputError(
            f"The weights in {folder} lack {lacking[0]} ({len(lacking)} tensors in all).",
            "Give a folder whose *.safetensors belong to its config.json.",
        )
    return _ready_tokenizer(tokenizer, recipe.lower_case), model


def _check_kind(folder: Path, config: Any) -> None:
    parts = [key for key in ("vision_config", "audio_config") if getattr(config, key, None) is not None]
    if config.is_encoder_decoder or parts:
        raise InputError(
            f"{folder / 'config.json'} describes a {config.model_type} model; "
            "only text encoders (as BERT) and decoders (as GPT-2 or Qwen) can be used.",
            "Choose one of these kinds.",
        )


def _ready_tokenizer(tokenizer: Any, lower_case: bool) -> Any:
    """Give the tokenizer a padding token where it has none, and lower-case text where that is wanted.

    Padding is masked and never enters a vector; any special token serves. One that is not special
    would be cut out of texts.
    """
    from tokenizers import normalizers

    if tokenizer.pad_token is None and tokenizer.all_special_tokens:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.all_special_tokens[0]
    if lower_case and tokenizer.is_fast:
        backend = tokenizer.backend_tokenizer
        steps = [normalizers.Lowercase(), *([backend.normalizer] if backend.normalizer else [])]
        backend.normalizer = normalizers.Sequence(steps)
    return tokenizer


def _max_tokens(recipe: Recipe, tokenizer: Any, model: Any) -> int:
    """What the folder says, within what the model has positions for and MOST_TOKENS."""
    said = recipe.longest or tokenizer.model_max_length
    positions = getattr(model.config, "max_position_embeddings", None) or -1
    table = getattr(getattr(model, "embeddings", None), "position_embeddings", None)
    first = getattr(table, "padding_idx", None)  # RoBERTa's positions begin behind its padding id
    room = positions - (0 if first is None else first + 1) if positions > 0 else sys.maxsize
    return int(min(said, room, MOST_TOKENS))


def _fingerprint(recipe: Recipe, how: str) -> str:
    folder, digest = recipe.weights, hashlib.sha256(how.encode())
    patterns = ("*.safetensors", "config.json", "tokenizer*", "vocab*", "merges.txt", "*.model")
    for file in sorted({f for pattern in patterns for f in folder.glob(pattern)}):
        digest.update(sha256(file).encode())
    return digest.hexdigest()[:16]
