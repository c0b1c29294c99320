"""``driftmap finetune``."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from recsys_core.cli.opening import do, open_workspace
from recsys_core.cli.options import DatasetOption, JsonOption, VersionOption, WorkspaceOption
from recsys_core.cli.output import say
from recsys_core.errors import InputError

if TYPE_CHECKING:
    from recsys_core.jobs.job import Job
    from recsys_core.workspace.records import RunInfo


class Mode(StrEnum):
    """How much of the text encoder learns."""

    HEAD = "head"
    LORA = "lora"
    FULL = "full"


class Backend(StrEnum):
    """Where a fine-tune runs."""

    LOCAL = "local"
    RAY = "ray"


def finetune(
    dataset: DatasetOption,
    mode: Annotated[
        Mode, typer.Option("--mode", help="Train a head on frozen text, low-rank adapters, or everything.")
    ] = Mode.HEAD,
    encoder: Annotated[
        str | None,
        typer.Option("--encoder", metavar="ID|DIR", help="A text encoder; else the one that comes along."),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option("--epochs", metavar="N", min=1, help="Passes over the users at most.")
    ] = None,
    pretrain: Annotated[
        int,
        typer.Option(
            "--pretrain",
            metavar="N",
            min=0,
            help="First let the encoder go N times through all item texts, guessing words.",
        ),
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same result.")] = 0,
    backend: Annotated[Backend, typer.Option("--backend", help="Where to run.")] = Backend.LOCAL,
    background: Annotated[
        bool, typer.Option("--background", help="Queue it and return at once; see driftmap jobs.")
    ] = False,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fine-tune the encoder on what users did."""
    if backend is Backend.RAY:
        raise InputError(
            "--backend ray isn't available in this version.", "Use --backend local, which this machine runs."
        )
    ws = open_workspace(workspace)
    version = ws.dataset(dataset, version).version
    params = {
        "dataset": dataset,
        "mode": mode,
        "encoder": _settled(encoder),
        "epochs": epochs,
        "seed": seed,
        "version": version,
        "pretrain": pretrain,
    }
    if background:
        from recsys_core.jobs.local import submit_local

        job: Job = submit_local(ws, "finetune", params)
        line = f"Job {job.id} is queued. Watch it with: driftmap jobs show {job.id}"
        say({"job": job.id, "status": job.status}, [line], as_json)
        return
    run: RunInfo = do(ws, "finetune", params)
    from recsys_core.jobs.kinds import finetune_summary

    metrics = [f"  {name}: {value:.4g}" for name, value in run.metrics.items() if isinstance(value, float)]
    say(
        finetune_summary(run),
        [f"Run {run.id} on {dataset}, version {version}, is finished.", *metrics],
        as_json,
    )


def _settled(encoder: str | None) -> str | None:
    """A folder by its full path, because a worker starts elsewhere; an id as it is."""
    return str(Path(encoder).absolute()) if encoder and Path(encoder).is_dir() else encoder
