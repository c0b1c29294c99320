"""Runs in plain sentences."""

from collections.abc import Sequence

from pages.ui.phrases import listed, plain
from recsys_core.training.options import TrainingOptions
from recsys_core.workspace.judged import paired_differences
from recsys_core.workspace.records import RunInfo, RunStatus

NAMES = {
    "mode": "mode",
    "epochs": "epochs",
    "pretrain": "reading the catalogue first",
    "seed": "seed",
    "encoder": "language model",
}
STALE = "stale: a person was removed from its data"
INTERRUPTED = "interrupted"
MODES = {"head": "quick", "lora": "light", "full": "full"}
DEFAULT_ENCODER = "all-MiniLM-L6-v2"
DEFAULT_EPOCHS = TrainingOptions().epochs
PRIMARY = "ndcg@10"


def status_of(run: RunInfo, interrupted: bool = False) -> str:
    """``finished``, that the run is stale and why, or that its process is gone (``interrupted``)."""
    if run.stale:
        return STALE
    return INTERRUPTED if interrupted else str(run.status)


def score_of(run: RunInfo, measure: str = PRIMARY) -> str:
    """``0.081 (0.070 to 0.092)``, or "" where the run has no such score."""
    found = interval_of(run, measure)
    return "" if found is None else f"{found[0]:.3f} ({found[1]:.3f} to {found[2]:.3f})"


def interval_of(run: RunInfo, measure: str = PRIMARY) -> tuple[float, float, float] | None:
    """Mean, low and high of a measure over the run's validation users, or None."""
    kept = run.metrics.get("validation", {}).get(measure)
    if kept is not None:
        return float(kept["mean"]), float(kept["low"]), float(kept["high"])
    if measure != PRIMARY or "validation_ndcg@10" not in run.metrics:
        return None
    return _mean(run), _low(run), float(run.metrics.get("validation_high", _mean(run)))


def encoder_of(run: RunInfo) -> str:
    """The language model by its name: without the folders before it."""
    said = run.options.get("encoder_name") or run.options.get("encoder") or DEFAULT_ENCODER
    return str(said).rstrip("/").rsplit("/", 1)[-1]


def times_read(run: RunInfo) -> str:
    """How often the language model read the catalogue before the training: ``never``, ``2 times``."""
    times = int(run.options.get("pretrain") or 0)
    return "never" if not times else "once" if times == 1 else f"{times} times"


def unique_names(runs: Sequence[RunInfo]) -> dict[str, str]:
    """Run id → its name; where two bear the same, with the id that never changes behind it."""
    names = [run.name for run in runs]
    return {run.id: run.name if names.count(run.name) == 1 else f"{run.name} ({run.id})" for run in runs}


def ranked(runs: Sequence[RunInfo]) -> list[RunInfo]:
    """Those that can be used and have a score, the best first."""
    usable = (run for run in runs if run.status is RunStatus.FINISHED and not run.stale)
    return sorted((run for run in usable if interval_of(run)), key=_mean, reverse=True)


def headline(runs: Sequence[RunInfo]) -> str:
    """The best of the runs on one version of the data, and how it differs from the next best."""
    scored = ranked(runs)
    if not scored:
        return "No model with a score on this version of the data yet."
    best, *others = scored
    if not others:
        return f"One model so far: *{plain(best.name)}*, score {score_of(best)}."
    gap, spread = _gap(best, others[0])
    apart = "clearly better than" if gap > spread else "not clearly better than"
    if round(gap, 3) == 0:
        same = f"*{plain(best.name)}* is as good as *{plain(others[0].name)}*"
        return f"{same}, score {score_of(best)}{_difference(best, others[0])}."
    how = f"{_difference(best, others[0])}: {gap:+.3f} ± {spread:.3f}."
    return f"*{plain(best.name)}* is {apart} *{plain(others[0].name)}*{how}"


def _difference(one: RunInfo, other: RunInfo) -> str:
    differ = [key for key in NAMES if _value(one, key) != _value(other, key)]
    words = [f"{NAMES[key]} ({_value(one, key)} / {_value(other, key)})" for key in differ]
    return f", which differs in {listed(words)}" if words else ", made in the same way"


def _value(run: RunInfo, key: str) -> str:
    value = run.options.get(key)
    if key == "encoder":
        return encoder_of(run)
    if key == "pretrain":
        return times_read(run)
    if key == "epochs":
        return str(value or DEFAULT_EPOCHS)
    return MODES.get(str(value), str(value)) if key == "mode" else str(value or 0)


def _gap(one: RunInfo, other: RunInfo) -> tuple[float, float]:
    """The difference of the scores and the half of its 95 % interval; paired where that can be."""
    paired = paired_differences(one, other).get(PRIMARY)
    if paired is not None:
        return paired.mean, (paired.high - paired.low) / 2
    spread = ((_mean(one) - _low(one)) ** 2 + (_mean(other) - _low(other)) ** 2) ** 0.5
    return _mean(one) - _mean(other), spread


def _mean(run: RunInfo) -> float:
    return float(run.metrics["validation_ndcg@10"])


def _low(run: RunInfo) -> float:
    return float(run.metrics.get("validation_low", _mean(run)))
