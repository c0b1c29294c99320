"""Every model on the same users, with intervals and a verdict."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import pandas as pd

from recsys_core.parts import Parts
from recsys_core.recommend.paired import Interval
from recsys_core.recommend.transfer import Verdict

TIE_RULE = "against the model"

__all__ = ["Compared", "Interval", "ModelScore", "Scorecard", "Verdict"]


@dataclass(frozen=True)
class Compared:
    """A model beside another on the same people. ``differences``: by metric, the mean less that of the other;
    ``ratio``: mean NDCG@10 over that of the other.
    """

    differences: Mapping[str, Interval]
    ratio: Interval


@dataclass(frozen=True)
class ModelScore:
    """``metrics``: by name, e.g. ``ndcg@10``; those of right titles (``metrics``), coverage and Gini in
    [0, 1], the others of lists as in ``lists`` and ``exposure``. ``fit_seconds``: wall time of choosing
    and fitting. ``peak_rss_mb``: most memory of the whole process meanwhile, in MB (10⁶ bytes).
    ``choices``: what validation chose, in words. ``ms_per_user``: wall time of scoring all candidates,
    in milliseconds per user, in batches; NaN on scorecards saved before it was measured.
    ``compared``: beside each model of ``Scorecard.references``, by its name.
    """

    name: str
    metrics: Mapping[str, Interval]
    fit_seconds: float
    peak_rss_mb: float
    choices: str = ""
    ms_per_user: float = math.nan
    compared: Mapping[str, Compared] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Scorecard:
    """``per_user``: one row per (seed, user row) with columns ``seed, user, n_known, n_truth,
    truth_popularity, truth_head, truth_interest`` and ``<model> <metric>`` for every model and every metric
    of one person, and the columns of ``attribute_groups``. ``models``: best NDCG@10 first. ``verdict``: None
    where blend or popularity was not among the models. ``references``: names of the models that the others
    are compared with, by role (``popularity``; ``classical``: the best on validation of those without text).
    ``curve``: of ``cold_curve``. ``slices`` and ``gaps``: of ``slices``, NDCG@10 by groups of people.
    ``made_from``: ``dataset``, ``version``, ``data_hash`` (sha256), ``run`` (None: without one) and
    ``code_version``. The last five are empty on scorecards of earlier versions.
    ``refused``: model → the sentence why it was left out.
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
    references: Mapping[str, str] = field(default_factory=dict)
    curve: pd.DataFrame = field(default_factory=pd.DataFrame)
    slices: pd.DataFrame = field(default_factory=pd.DataFrame)
    gaps: pd.DataFrame = field(default_factory=pd.DataFrame)
    made_from: Mapping[str, Any] = field(default_factory=dict)

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

    def with_interests(self, names: Mapping[str, str]) -> "Scorecard":
        """The same with the groups of the slice ``interest`` under their names, by id as text."""

        def named(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
            inside = frame["slice"] == "interest"
            return frame.assign(**{c: frame[c].where(~inside, frame[c].replace(names)) for c in columns})

        gaps = named(self.gaps, ("highest", "lowest")) if len(self.gaps) else self.gaps
        return replace(self, slices=named(self.slices, ("group",)), gaps=gaps)

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
            "references": dict(self.references),
            "cold_curve": self.curve.to_dict("records"),
            "slices": self.slices.to_dict("records"),
            "gaps": self.gaps.to_dict("records"),
            "made_from": dict(self.made_from),
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
            references=document.get("references", {}),
            curve=pd.DataFrame(document.get("cold_curve", [])),
            slices=pd.DataFrame(document.get("slices", [])),
            gaps=pd.DataFrame(document.get("gaps", [])),
            made_from=document.get("made_from", {}),
        )


def _model_json(model: ModelScore) -> dict[str, Any]:
    return {
        "name": model.name,
        "metrics": {name: asdict(interval) for name, interval in model.metrics.items()},
        "fit_seconds": round(model.fit_seconds, 3),
        "peak_rss_mb": round(model.peak_rss_mb, 1),
        "ms_per_user": None if math.isnan(model.ms_per_user) else round(model.ms_per_user, 4),
        "compared": {other: asdict(compared) for other, compared in model.compared.items()},
    }


def _model_from(document: Mapping[str, Any], choices: Mapping[str, str]) -> ModelScore:
    name, ms = document["name"], document.get("ms_per_user")
    return ModelScore(
        name,
        _intervals(document["metrics"]),
        document["fit_seconds"],
        document["peak_rss_mb"],
        choices.get(name, ""),
        math.nan if ms is None else ms,
        {
            other: Compared(_intervals(compared["differences"]), Interval(**compared["ratio"]))
            for other, compared in document.get("compared", {}).items()
        },
    )


def _intervals(document: Mapping[str, Any]) -> dict[str, Interval]:
    return {name: Interval(**interval) for name, interval in document.items()}
