"""``driftmap finetune``."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from recsys_core.cli.opening import do, open_workspace, queue, watched
from recsys_core.cli.options import (
    Backend,
    BackendOption,
    DatasetOption,
    JsonOption,
    VersionOption,
    WorkspaceOption,
)
from recsys_core.cli.output import say
from recsys_core.jobs.device import background_device
from recsys_core.jobs.kinds import finetune_summary
from recsys_core.training.options import DEFAULT_MINUTES

if TYPE_CHECKING:
    from recsys_core.workspace.workspace import Workspace


class Mode(StrEnum):
    """How much of the text encoder learns."""

    AUTO = "auto"
    HEAD = "head"
    LORA = "lora"
    FULL = "full"


EncoderOption = Annotated[
    str | None,
    typer.Option("--encoder", metavar="ID|DIR", help="A text encoder; else the one that comes along."),
]
EpochsOption = Annotated[
    int | None, typer.Option("--epochs", metavar="N", min=1, help="Passes over the users at most.")
]
PretrainOption = Annotated[
    int,
    typer.Option(
        "--pretrain",
        metavar="N",
        min=0,
        help="First let the encoder go N times through all item texts, guessing words.",
    ),
]
FeedbackOption = Annotated[
    bool,
    typer.Option(
        "--with-feedback",
        help="Learn from what known users said of recommended titles: likes are events, dislikes none.",
    ),
]
BackgroundOption = Annotated[
    bool, typer.Option("--background", help="Queue it and return at once; see driftmap jobs.")
]


def finetune(
    dataset: DatasetOption,
    mode: Annotated[
        Mode,
        typer.Option(
            "--mode",
            help="Train a head on frozen text, low-rank adapters, or everything; auto takes the best of "
            "those that fit into --minutes, by the held-out users.",
        ),
    ] = Mode.AUTO,
    minutes: Annotated[
        float, typer.Option("--minutes", metavar="N", help="How long --mode auto may go on trying modes.")
    ] = DEFAULT_MINUTES,
    encoder: EncoderOption = None,
    epochs: EpochsOption = None,
    pretrain: PretrainOption = 0,
    with_feedback: FeedbackOption = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Same seed, same result.")] = 0,
    backend: BackendOption = None,
    background: BackgroundOption = False,
    version: VersionOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fine-tune the encoder on what users did."""
    device = background_device(backend)
    ws = open_workspace(workspace)
    params = {
        "dataset": dataset,
        "mode": mode,
        "encoder": _settled(encoder),
        "epochs": epochs,
        "seed": seed,
        "version": ws.dataset(dataset, version).version,
        "pretrain": pretrain,
        "minutes": minutes,
        "with_feedback": with_feedback,
    }
    if background:
        queue(ws, "finetune", params, as_json, device)
    elif backend is Backend.RAY:
        _tell(_watched(ws, params, device), as_json)
    else:
        _tell(finetune_summary(do(ws, "finetune", params)), as_json)


def _watched(ws: "Workspace", params: dict[str, Any], device: str) -> Mapping[str, Any]:
    from recsys_core.jobs.following import follow
    from recsys_core.jobs.local import submit_local

    with watched() as progress:
        job = submit_local(ws, "finetune", params, device=device)
        return follow(ws, job.id, progress)


def _tell(run: Mapping[str, Any], as_json: bool) -> None:
    metrics = [f"  {name}: {value:.4g}" for name, value in run["metrics"].items() if isinstance(value, float)]
    line = f"Run {run['run']} on {run['dataset']}, version {run['version']}, is finished."
    say(run, [line, *metrics], as_json)


def _settled(encoder: str | None) -> str | None:
    """A folder by its full path, because a worker starts elsewhere; an id as it is."""
    return str(Path(encoder).absolute()) if encoder and Path(encoder).is_dir() else encoder
