"""What a model folder says of turning text into a vector: modules, pooling, length and prompt.

Both ways in which sentence-transformers wrote such folders are read, the one before version 6 (flags
such as ``pooling_mode_mean_tokens``) and the one since (``pooling_mode``); a plain Hugging Face
folder, which says nothing of it, is pooled by the kind of its model.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recsys_core.encoder.pooling import Pooling
from recsys_core.errors import InputError

SETTINGS = "config_sentence_transformers.json"
_KNOWN = ("Transformer", "Pooling", "Normalize")
_NAMES = ("bert", "roberta", "distilbert", "camembert", "albert", "xlm-roberta", "xlnet")
_FLAGS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_max_tokens": "max",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_mean_sqrt_len_tokens": "mean_sqrt_len_tokens",
    "pooling_mode_weightedmean_tokens": "weightedmean",
    "pooling_mode_lasttoken": "lasttoken",
}
ANOTHER = "Choose a text encoder with mean, CLS or last-token pooling and nothing behind it."


@dataclass(frozen=True)
class Recipe:
    """How a folder wants its model used.

    ``weights``: the folder of config, weights and tokenizer. ``pooling``: None where it isn't said.
    ``longest``: the most tokens of a text, None where it isn't said. ``prompt`` is put before each text.
    """

    weights: Path
    pooling: Pooling | None = None
    longest: int | None = None
    prompt: str = ""
    lower_case: bool = False


def read_recipe(folder: Path) -> Recipe:
    """Read the recipe of a model folder.

    Raises InputError where it asks for a step that is not done here, naming the file that asks.
    """
    modules = _modules(folder)
    weights = folder / modules.get("Transformer", "")
    said = _transformer_settings(weights)
    prompt = _prompt(folder / SETTINGS)
    return Recipe(
        weights=weights,
        pooling=_pooling(folder / modules.get("Pooling", "1_Pooling") / "config.json", prompt),
        longest=said.get("max_seq_length"),
        prompt=prompt,
        lower_case=bool(said.get("do_lower_case")),
    )


def pooling_of_kind(config: Any) -> Pooling:
    """Last-token pooling for decoders, which read from left to right, and the mean for all others.

    Decided by the kind of model (``model_type``): a kind that transformers knows as a causal language
    model and not as a masked one is a decoder, whichever of its classes wrote the folder.
    """
    from transformers.models.auto.modeling_auto import (
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_MASKED_LM_MAPPING_NAMES,
    )

    both_ways = getattr(config, "is_causal", None) is False or getattr(
        config, "use_bidirectional_attention", False
    )
    causal = config.model_type in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    masked = config.model_type in MODEL_FOR_MASKED_LM_MAPPING_NAMES
    decoder = getattr(config, "is_decoder", False) or (causal and not masked)
    return Pooling.LAST if decoder and not both_ways else Pooling.MEAN


def read_json(file: Path) -> Any:
    """The JSON document in ``file``. Raises InputError where it is damaged."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{file} is not valid JSON ({error}).", "Download the model again.") from error


def _modules(folder: Path) -> dict[str, str]:
    """The path of each module by its kind."""
    file = folder / "modules.json"
    if not file.is_file():
        return {}
    found = {}
    for module in read_json(file):
        room, _, kind = str(module["type"]).rpartition(".")
        if kind not in _KNOWN or not room.startswith("sentence_transformers."):
            raise InputError(
                f"{file} asks for the module {module['type']}; an encoder here consists of "
                "Transformer, Pooling and Normalize only.",
                ANOTHER,
            )
        found[kind] = str(module.get("path", ""))
    return found


def _transformer_settings(folder: Path) -> Mapping[str, Any]:
    for name in _NAMES:
        file = folder / f"sentence_{name}_config.json"
        if file.is_file():
            said: Mapping[str, Any] = read_json(file)
            if said.get("transformer_task", "feature-extraction") != "feature-extraction":
                raise InputError(
                    f"{file} asks for the task {said['transformer_task']!r}; only text encoders "
                    "(feature-extraction) can be used.",
                    ANOTHER,
                )
            return said
    return {}


def _prompt(file: Path) -> str:
    if not file.is_file():
        return ""
    said = read_json(file)
    if said.get("truncate_dim"):
        raise InputError(
            f"{file} cuts vectors to {said['truncate_dim']} numbers (truncate_dim); whole ones are needed.",
            "Remove truncate_dim from that file.",
        )
    name, prompts = said.get("default_prompt_name"), said.get("prompts") or {}
    if name is None:
        return ""
    if name not in prompts:
        raise InputError(
            f"{file} has the default prompt {name!r}, but its prompts are: {', '.join(prompts) or 'none'}.",
            "Correct default_prompt_name in that file.",
        )
    return prompts[name] or ""


def _pooling(file: Path, prompt: str) -> Pooling | None:
    if not file.is_file():
        return None
    said = read_json(file)
    modes = said.get("pooling_mode") or [mode for flag, mode in _FLAGS.items() if said.get(flag)] or "mean"
    names = [modes] if isinstance(modes, str) else list(modes)
    if len(names) != 1 or names[0] not in list(Pooling):
        raise InputError(
            f"{file} pools by {' and '.join(names)}; one of {', '.join(Pooling)} can be used.", ANOTHER
        )
    if prompt and said.get("include_prompt") is False:
        raise InputError(
            f"{file} leaves the prompt {prompt!r} out of the pooling; here a prompt is part of the text.",
            f"Choose another encoder, or set default_prompt_name to null in {SETTINGS}.",
        )
    return Pooling(names[0])
