"""A run's folder as one file to take away: the model, its encoder, its curve, and what made it."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from recsys_core.errors import NotFoundError
from recsys_core.workspace.files import ASIDE, STORED, to_json
from recsys_core.workspace.judged import FILE as JUDGED
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.run_encoders import OWN, PRETRAINED
from recsys_core.workspace.storage.manifest import CHECKPOINT

RECORD: Final = "run.json"
STAYS: Final = (JUDGED, CHECKPOINT, PRETRAINED, STORED)
"""What every validation user got is about people; a checkpoint only serves the training that it is from, and
what a fine-tuned encoder was before only serves to train it anew.
"""


def archive_run(run: RunInfo, out: IO[bytes]) -> None:
    """Write a zip of ``run`` to ``out``, with ``run.json``, its record. Nothing in it names a person.

    Weights hardly compress, so they are stored as they are. Raises NotFoundError where the folder is gone.
    """
    files = list(_files(run.folder))
    if not files:
        raise NotFoundError(f"{run.name} has no files in {run.folder}.", "Start again with its settings.")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{run.id}/{RECORD}", to_json(_record(run)), zipfile.ZIP_DEFLATED)
        for path in files:
            archive.write(path, f"{run.id}/{path.relative_to(run.folder)}")


def has_encoder(run: RunInfo) -> bool:
    """Whether the run has a text encoder of its own, as a sentence-transformers folder."""
    return (run.folder / OWN).is_dir()


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if inside[0] not in STAYS and not path.name.startswith(ASIDE):
            yield path  # empty folders too: sentence-transformers looks for one


def _record(run: RunInfo) -> dict[str, object]:
    return {
        "id": run.id,
        "name": run.name,
        "dataset": run.dataset,
        "version": run.version,
        "status": run.status,
        "created": run.created,
        "finished": run.finished,
        "options": dict(run.options),
        "metrics": dict(run.metrics),
    }
