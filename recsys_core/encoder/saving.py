"""Saving a fine-tuned encoder as a standard sentence-transformers folder."""

import json
from pathlib import Path
from typing import Any

from recsys_core.encoder.recipe import SETTINGS
from recsys_core.encoder.text_encoder import TextEncoder

MODULES = (("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize"))


def save_encoder(encoder: TextEncoder, folder: Path, card: str) -> None:
    """Write ``encoder`` so that ``SentenceTransformer(folder)`` loads it and gives the same vectors.

    ``card``: the model card (Markdown) that goes to README.md. Adapters are merged into the weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    merge_adapters(encoder.model)
    encoder.model.save_pretrained(folder, state_dict=_plain_state(encoder.model))
    encoder.tokenizer.save_pretrained(folder)
    modules = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for n, (path, kind) in enumerate(MODULES)
    ]
    pooling = {
        "word_embedding_dimension": encoder.dim,
        **{f"pooling_mode_{mode}": mode.startswith(encoder.pooling) for mode in _POOLING_MODES},
    }
    _write(folder / "modules.json", modules)
    _write(folder / "1_Pooling" / "config.json", pooling)
    _write(
        folder / "sentence_bert_config.json", {"max_seq_length": encoder.max_tokens, "do_lower_case": False}
    )
    _write(
        folder / SETTINGS,
        {
            "prompts": {"document": encoder.prompt} if encoder.prompt else {},
            "default_prompt_name": "document" if encoder.prompt else None,
            "similarity_fn_name": "cosine",
        },
    )
    (folder / "2_Normalize").mkdir(exist_ok=True)
    (folder / "README.md").write_text(card)


_POOLING_MODES = ("cls_token", "mean_tokens", "lasttoken")


def merge_adapters(model: Any) -> None:
    """Add every low-rank adapter to the weights it adapts; without adapters nothing changes."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    for module in model.modules():
        if isinstance(module, BaseTunerLayer) and not module.merged:
            module.merge()


def _plain_state(model: Any) -> dict[str, Any]:
    """The weights under the names they had before adapters were added."""
    return {
        name.replace(".base_layer", ""): tensor.contiguous()
        for name, tensor in model.state_dict().items()
        if "lora_" not in name
    }


def _write(file: Path, document: object) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(document, indent=2))
