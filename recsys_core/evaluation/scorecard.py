"""Every model on the same users, with intervals and a verdict."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from recsys_core.parts import Parts
from recsys_core.recommend.paired import Interval
from recsys_core.recommend.transfer import Verdict

TIE_RULE = "against the model"

__all__ = ["Interval", "ModelScore", "Scorecard", "Verdict"]


@dataclass(frozen=True)
class ModelScore:
    """``metrics``: by name, e.g. ``ndcg@10``, all in [0, 1]. ``fit_seconds``: wall time of choosing
    and fitting. ``peak_rss_mb``: most memory of the whole process meanwhile, in MB (10⁶ bytes).
    ``choices``: what validation chose, in words.
    """

    name: str
    metrics: Mapping[str, Interval]
    fit_seconds: float
    peak_rss_mb: float
    choices: str = ""


@dataclass(frozen=True, eq=False)
class Scorecard:
    """``per_user``: one row per (seed, user row) with columns ``seed, user, n_known, n_truth`` and
    ``<model> <metric>`` for every model and metric. ``models``: best NDCG@10 first. ``verdict``: None
    where blend or popularity was not among the models. ``refused``: model → the sentence why it was
    left out.
    """

    protocol: str
    target: str
    sources: tuple[str, ...]
    split_hash: str
    n_users: int
    n_candidates: int
    seeds: tuple[int, ...]
    models: tuple[ModelScore, ...]
    verdict: Verdict | None
    per_user: pd.DataFrame
    tie_rule: str = TIE_RULE
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def best(self) -> str:
        """Name of the model with the highest mean NDCG@10."""
        return self.models[0].name

    def model(self, name: str) -> ModelScore:
        """The score of one model; raises KeyError with the names there are."""
        for score in self.models:
            if score.name == name:
                return score
        raise KeyError(f"{name!r} is not on the scorecard; it has {[m.name for m in self.models]}.")

    def to_json(self) -> dict[str, Any]:
        """The document of ``driftmap evaluate --json``."""
        return {
            "protocol": self.protocol,
            "target": self.target,
            "sources": list(self.sources),
            "split_hash": self.split_hash,
            "n_users": self.n_users,
            "n_candidates": self.n_candidates,
            "tie_rule": self.tie_rule,
            "seeds": list(self.seeds),
            "models": [_model_json(model) for model in self.models],
            "best": self.best,
            "verdict": asdict(self.verdict) if self.verdict else None,
            "refused": dict(self.refused),
        }

    def parts(self) -> Parts:
        """What is saved."""
        choices = {model.name: model.choices for model in self.models}
        return Parts(self.to_json() | {"choices": choices}, {"per_user": self.per_user})

    @classmethod
    def from_parts(cls, parts: Parts) -> "Scorecard":
        """What ``parts`` gave."""
        document = parts.document
        verdict = document["verdict"]
        return cls(
            protocol=document["protocol"],
            target=document["target"],
            sources=tuple(document["sources"]),
            split_hash=document["split_hash"],
            n_users=document["n_users"],
            n_candidates=document["n_candidates"],
            seeds=tuple(document["seeds"]),
            models=tuple(_model_from(model, document["choices"]) for model in document["models"]),
            verdict=Verdict(**verdict) if verdict else None,
            per_user=parts.frames["per_user"],
            tie_rule=document["tie_rule"],
            refused=document.get("refused", {}),
        )


def _model_json(model: ModelScore) -> dict[str, Any]:
    return {
        "name": model.name,
        "metrics": {name: asdict(interval) for name, interval in model.metrics.items()},
        "fit_seconds": round(model.fit_seconds, 3),
        "peak_rss_mb": round(model.peak_rss_mb, 1),
    }


def _model_from(document: Mapping[str, Any], choices: Mapping[str, str]) -> ModelScore:
    metrics = {name: Interval(**interval) for name, interval in document["metrics"].items()}
    name = document["name"]
    return ModelScore(name, metrics, document["fit_seconds"], document["peak_rss_mb"], choices.get(name, ""))
