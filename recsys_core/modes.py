"""What a fine-tune can be asked for, what it would take, and how its mode is chosen where none is named."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from recsys_core.access import Role
from recsys_core.errors import CancelledError, DriftmapError, InputError
from recsys_core.evaluation.splits import validation_holdout
from recsys_core.progress import Progress
from recsys_core.settings import read_settings
from recsys_core.steps import lesson_about, training_options
from recsys_core.training.options import AUTO, DEFAULT_MINUTES, Mode
from recsys_core.workspace.gate import takes
from recsys_core.workspace.recording import finished_run
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.run_encoders import load_chosen_encoder
from recsys_core.workspace.workspace import Workspace

if TYPE_CHECKING:
    from recsys_core.training.estimate import Measured


@dataclass(frozen=True)
class FinetuneOptions:
    """``mode``: head, lora or full; auto tries those that fit into ``minutes`` and takes the one that is
    best for the validation users; head is tried however long it takes. ``encoder``: None for the
    packaged one, a folder, or a model id. ``epochs``: at most; None for the default. ``version``: of the
    dataset, None for the newest.
    ``pretrain``: how often the encoder first goes through all item texts, guessing words of theirs; 0
    for not at all. ``with_feedback``: learn from what known users said of recommended titles, too: a like is
    an event more, what is disliked none. Raises InputError for fewer passes, and for no minutes.
    """

    mode: str = AUTO
    encoder: str | None = None
    epochs: int | None = None
    seed: int = 0
    version: int | None = None
    pretrain: int = 0
    minutes: float = DEFAULT_MINUTES
    with_feedback: bool = False

    def __post_init__(self) -> None:
        """Check what can be told without the data."""
        if self.pretrain < 0:
            raise InputError(
                f"{self.pretrain} passes of pre-training were asked for.", "Ask for none (0) or more."
            )
        if not self.minutes > 0:
            raise InputError(f"{self.minutes:g} minutes were given to it.", "Give it more than none.")

    def recorded(self) -> dict[str, Any]:
        """What a run of one mode was made with; how long several could take is no part of that."""
        said = {name: value for name, value in asdict(self).items() if name != "minutes"}
        if not self.with_feedback:  # as in runs of earlier versions
            del said["with_feedback"]
        return said


Finetune = Callable[[Workspace, str, FinetuneOptions, Progress], RunInfo]


def best_mode(
    ws: Workspace,
    dataset: str,
    options: FinetuneOptions,
    finetune: Finetune,
    progress: Progress,
) -> RunInfo:
    """Fine-tune in every mode that fits into ``options.minutes``, the quickest first, and put the run with
    the best NDCG@10 of the validation users into use.

    A mode that was finished with the same options before is not trained again, so that this can go on
    after an interruption. Raises what ``finetune`` raises; a slower mode that fails only tells so.
    """
    version, tried = ws.dataset(dataset, options.version).version, list[RunInfo]()
    for mode in (Mode.HEAD, Mode.FULL, Mode.LORA):
        one = replace(options, mode=mode, version=version)
        known = finished_run(ws, dataset, one.recorded())
        if tried and not known:
            left = 60 * options.minutes - sum(run.metrics["seconds"] for run in tried)
            needed = _most_seconds(ws, dataset, one, progress)
            if needed > left:
                progress.log(f"Not tried: {mode}. {_needed_and_left(needed, left)}")
                continue
        try:
            tried.append(known or finetune(ws, dataset, one, progress))
        except DriftmapError as error:
            if not tried or isinstance(error, CancelledError):
                raise
            progress.log(f"{mode} failed: {error}")
    best = max(tried, key=_validated)  # the quickest of equals
    scores = ", ".join(f"{run.options['mode']} {_validated(run):.4f}" for run in tried)
    progress.log(f"NDCG@10 of the held-out users: {scores}. In use from now on: {best.options['mode']}.")
    return ws.choose_run(best.id)


@takes(Role.ANALYST, "try a fine-tune")
def try_finetune(ws: Workspace, dataset: str, options: FinetuneOptions) -> "Measured":
    """Try parts of a fine-tune for some seconds, keeping nothing, to tell what all of it will take.

    Raises NotFoundError, NotEnoughDataError, InputError.
    """
    from recsys_core.training.probe import any_vectors, try_lesson, try_pretraining

    training = training_options(options.mode, options.epochs)
    data = ws.load_dataset(dataset, options.version)
    holdout = validation_holdout(data, options.seed)
    encoder = load_chosen_encoder(ws, options.encoder, read_settings().device)
    known = any((ws.root / "vectors" / encoder.fingerprint).glob("*.safetensors"))
    lesson = lesson_about(holdout.train, encoder, any_vectors(data.n_items, encoder.dim), holdout.validation)
    lesson = replace(lesson, options=training)
    if not options.pretrain:
        return try_lesson(lesson, known)
    pass_seconds, kept = try_pretraining(lesson)  # first: adapters hold the encoder's weights still
    measured = try_lesson(lesson, vectors_known=False)
    return replace(measured, pass_seconds=pass_seconds, model_mb=measured.model_mb + kept)


def _most_seconds(ws: Workspace, dataset: str, options: FinetuneOptions, progress: Progress) -> float:
    """What a fine-tune takes where all goes slowly, by a trial."""
    from recsys_core.training.estimate import forecast
    from recsys_core.training.team import alone

    progress.stage(f"Trying how long {options.mode} would take")
    with alone():
        measured = try_finetune(ws, dataset, options)
    epochs = training_options(options.mode, options.epochs).epochs
    return forecast(measured, epochs, options.pretrain).seconds[1]


def _needed_and_left(needed: float, left: float) -> str:
    return f"It may take {needed / 60:.0f} minutes, and {max(0, left) / 60:.0f} are left."


def _validated(run: RunInfo) -> float:
    return float(run.metrics.get("validation_ndcg@10", 0.0))
