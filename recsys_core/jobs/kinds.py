"""What each kind of job does: its parameters in, a function of the pipeline, a small JSON result out.

The pipeline is only imported when a job runs, because that loads pandas, torch and the rest.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recsys_core.errors import InputError
from recsys_core.progress import Progress

if TYPE_CHECKING:
    from recsys_core.workspace.workspace import Workspace

Params = Mapping[str, Any]
Result = dict[str, Any]
Work = Callable[["Workspace", Params, Progress], Result]


@dataclass(frozen=True)
class Kind:
    """A kind of job. ``title``: what people read, ``{dataset}`` is filled in."""

    title: str
    work: Work


def import_logs(ws: "Workspace", params: Params, progress: Progress) -> Result:
    """Parameters are the fields of ``ImportRequest``."""
    from recsys_core import pipeline

    listed = {name: tuple(Path(path) for path in params.get(name) or ()) for name in ("files", "items")}
    report = pipeline.import_logs(ws, pipeline.ImportRequest(**{**params, **listed}), progress)
    return {
        "dataset": report.info.name,
        "version": report.info.version,
        "n_read": report.n_read,
        "n_kept": report.n_kept,
        "n_bad": report.n_bad,
        "reasons": dict(report.reasons),
        "quarantine": str(report.quarantine) if report.quarantine else None,
        "notes": list(report.notes),
    }


def finetune(ws: "Workspace", params: Params, progress: Progress) -> Result:
    """Parameters: ``dataset`` and the fields of ``FinetuneOptions``."""
    from recsys_core import pipeline

    options = {name: value for name, value in params.items() if name != "dataset"}
    run = pipeline.finetune(ws, params["dataset"], pipeline.FinetuneOptions(**options), progress)
    return {"run": run.id, "name": run.name, "version": run.version, "metrics": dict(run.metrics)}


def interests(ws: "Workspace", params: Params, progress: Progress) -> Result:
    """Parameters: those of ``pipeline.find_interests``."""
    from recsys_core import pipeline

    found, drawn = pipeline.find_interests(ws, **params, progress=progress)
    return {"levels": list(found.levels), "trustworthiness": drawn.trustworthiness}


def migrate(ws: "Workspace", params: Params, progress: Progress) -> Result:
    """Parameters: those of ``pipeline.migrate``."""
    from recsys_core import pipeline

    found = pipeline.migrate(ws, **params, progress=progress)
    return {"level": found.level, "window": found.window_size, "flows": int(found.flows["significant"].sum())}


def evaluate(ws: "Workspace", params: Params, progress: Progress) -> Result:
    """Parameters: those of ``pipeline.evaluate``. The result is the scorecard's document."""
    from recsys_core import pipeline

    return dict(pipeline.evaluate(ws, **params, progress=progress).to_json())


def demo(ws: "Workspace", params: Params, progress: Progress) -> Result:
    """The whole flow over the sample; no parameters."""
    from recsys_core import pipeline

    del params
    return dict(pipeline.demo(ws, progress))


KINDS: dict[str, Kind] = {
    "import": Kind("Import {dataset}", import_logs),
    "finetune": Kind("Fine-tune on {dataset}", finetune),
    "interests": Kind("Find the interests of {dataset}", interests),
    "migrate": Kind("Measure migration in {dataset}", migrate),
    "evaluate": Kind("Score recommenders on {dataset}", evaluate),
    "demo": Kind("Load the demo and run the whole flow", demo),
}


def run_kind(kind: str, ws: "Workspace", params: Params, progress: Progress) -> Result:
    """Do the work of a job; the result is plain JSON.

    Raises what the work raises; InputError for an unknown kind.
    """
    from recsys_core.workspace.files import to_json

    if kind not in KINDS:
        raise InputError(
            f"There is no job of the kind {kind!r}.", "It was made by another version of Driftmap."
        )
    plain: Result = json.loads(to_json(KINDS[kind].work(ws, params, progress)))
    return plain


def title_of(kind: str, dataset: str) -> str:
    """What people read for a job of this kind on that dataset."""
    return KINDS[kind].title.format(dataset=dataset)
