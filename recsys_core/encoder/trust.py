"""What a model folder may not do: lead to other files, bring code, or be a link to somewhere else.

Whoever hands over a folder chooses everything in it, so it is looked at before any library reads it.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from recsys_core.encoder.recipe import read_json
from recsys_core.errors import InputError

_CONFIGS: Final = ("config.json", "tokenizer_config.json", "processor_config.json")
_IGNORED: Final = "special_tokens_map_file"
"""Left in many published folders by the machine that made them; no reader follows it."""
_REMEDY: Final = "Take the model from where it was published, or save it anew with save_pretrained."


def check_folder(folder: Path) -> None:
    """Raises InputError, with the file and the reason, where the folder asks for more than reading it."""
    for file in sorted([*folder.glob("*"), *folder.glob("*/*")]):
        if file.is_symlink() and not _may_lead_to(folder, file):
            raise InputError(f"{file} is a link that leads out of the model's folder.", _REMEDY)
        if file.name in _CONFIGS:
            _check_config(folder, file)
        if file.name.endswith(".index.json"):
            _check_names(folder, file, _read(file, dict).get("weight_map", {}).values())
        if file.name == "modules.json":
            _check_names(folder, file, [module.get("path", "") for module in _read(file, list)])


def _check_config(folder: Path, file: Path) -> None:
    said = _read(file, dict)
    if said.get("auto_map"):
        raise InputError(
            f"{file} asks for code of its own (auto_map), and code that comes with a model is never run.",
            "Choose a model of a kind that transformers knows.",
        )
    named = [value for key, value in said.items() if key.endswith("_file") and key != _IGNORED]
    _check_names(folder, file, [name for name in named if name and _exists(file.parent / str(name))])


def _check_names(folder: Path, file: Path, names: Iterable[Any]) -> None:
    for name in names:
        if not _is_inside(folder, file.parent / str(name)):
            raise InputError(f"{file} names {str(name)!r}, which lies outside the model's folder.", _REMEDY)


def _may_lead_to(folder: Path, link: Path) -> bool:
    """Inside the folder, or where the hub's client keeps the files that its snapshots are links to."""
    of_hub = folder.resolve().parent.name == "snapshots"
    blobs = folder.resolve().parent.parent / "blobs"
    return _is_inside(folder, link) or (of_hub and _is_inside(blobs, link))


def _is_inside(folder: Path, path: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return True


def _read(file: Path, kind: type) -> Any:
    document = read_json(file)
    if not isinstance(document, kind):
        raise InputError(f"{file} holds no JSON {kind.__name__}, as it should.", _REMEDY)
    return document
