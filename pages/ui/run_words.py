"""Runs in plain sentences."""

from pages.ui.phrases import listed, plain
from recsys_core.workspace.records import RunInfo, RunStatus

NAMES = {"mode": "mode", "epochs": "epochs", "seed": "seed", "encoder": "language model"}
STALE = "stale: a person was removed from its data"
MODES = {"head": "quick", "lora": "light", "full": "full"}


def status_of(run: RunInfo) -> str:
    """``finished``, or that the run is stale and why."""
    return STALE if run.stale else str(run.status)


def score_of(run: RunInfo) -> str:
    """``0.081 (0.070 to 0.092)``, or "" where the run has no score."""
    mean = run.metrics.get("validation_ndcg@10")
    if mean is None:
        return ""
    low, high = run.metrics.get("validation_low", mean), run.metrics.get("validation_high", mean)
    return f"{mean:.3f} ({low:.3f} to {high:.3f})"


def headline(runs: list[RunInfo]) -> str:
    """The best of the runs on one version of the data, and how it differs from the next best."""
    usable = [r for r in runs if r.status is RunStatus.FINISHED and not r.stale]
    scored = [r for r in usable if "validation_ndcg@10" in r.metrics]
    if not scored:
        return "No model with a score on this version of the data yet."
    best, *others = sorted(scored, key=_mean, reverse=True)
    if not others:
        return f"One model so far: *{plain(best.name)}*, score {score_of(best)}."
    second = others[0]
    apart = "clearly better than" if _low(best) > _mean(second) else "not clearly better than"
    how = f"{_difference(best, second)}: {_gap(best, second)}."
    return f"*{plain(best.name)}* is {apart} *{plain(second.name)}*{how}"


def _difference(one: RunInfo, other: RunInfo) -> str:
    differ = [key for key in NAMES if one.options.get(key) != other.options.get(key)]
    words = [f"{NAMES[key]} ({_value(one, key)} / {_value(other, key)})" for key in differ]
    return f", which differs in {listed(words)}" if words else ", made in the same way"


def _value(run: RunInfo, key: str) -> str:
    value = run.options.get(key)
    if key == "encoder":
        return str(value)[:12]
    return MODES.get(str(value), str(value)) if key == "mode" else str(value)


def _gap(one: RunInfo, other: RunInfo) -> str:
    spread = ((_mean(one) - _low(one)) ** 2 + (_mean(other) - _low(other)) ** 2) ** 0.5
    return f"{_mean(one) - _mean(other):+.3f} ± {spread:.3f}"


def _mean(run: RunInfo) -> float:
    return float(run.metrics["validation_ndcg@10"])


def _low(run: RunInfo) -> float:
    return float(run.metrics.get("validation_low", _mean(run)))
