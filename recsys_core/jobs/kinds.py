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
    from recsys_core.evaluation.scorecard import Scorecard
    from recsys_core.evaluation.transfer_matrix import TransferMatrix
    from recsys_core.interests.interests import Interests
    from recsys_core.interests.projection import InterestMap
    from recsys_core.migration.migration import Migration
    from recsys_core.migration.question import Answer
    from recsys_core.release.release import Release
    from recsys_core.workspace.records import RunInfo
    from recsys_core.workspace.requests import ImportReport
    from recsys_core.workspace.workspace import Workspace

Params = Mapping[str, Any]
Result = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    ``title``: what people read, ``{dataset}`` is filled in. ``work``: workspace, parameters and progress
    in, whatever the pipeline makes of them out. ``summary``: of that, what the ledger keeps. ``helped``:
    whether it trains one model, with which more processes can help.
    """

    title: str
    work: Callable[["Workspace", Params, Progress], Any]
    summary: Callable[[Any], Mapping[str, Any]]
    helped: bool = False


def import_logs(ws: "Workspace", params: Params, progress: Progress) -> "ImportReport":
    """Parameters are ``ImportRequest.as_params()``."""
    from recsys_core import pipeline

    return pipeline.import_logs(ws, pipeline.ImportRequest.from_params(params), progress)


def import_summary(report: "ImportReport") -> Result:
    """Counts, the reasons of bad rows, users shared by domains, and what the importer noticed."""
    return {
        "dataset": report.info.name,
        "version": report.info.version,
        "domains": list(report.info.domains),
        "n_users": report.info.n_users,
        "n_items": report.info.n_items,
        "n_events": report.info.n_events,
        "n_read": report.n_read,
        "n_kept": report.n_kept,
        "n_bad": report.n_bad,
        "n_duplicates": report.n_repeats,
        "n_left_out": report.n_left_out,
        "reasons": dict(report.reasons),
        "quarantine": report.quarantine,
        "overlap": report.overlap.to_dict("records"),
        "notes": list(report.notes),
    }


def finetune(ws: "Workspace", params: Params, progress: Progress) -> "RunInfo":
    """Parameters: ``dataset`` and the fields of ``FinetuneOptions``."""
    from recsys_core import pipeline

    options = {name: value for name, value in params.items() if name != "dataset"}
    return pipeline.finetune(ws, params["dataset"], pipeline.FinetuneOptions(**options), progress)


def finetune_summary(run: "RunInfo") -> Result:
    """The run and its validation metrics."""
    named = {"run": run.id, "name": run.name, "dataset": run.dataset, "version": run.version}
    return {**named, "status": run.status, "metrics": dict(run.metrics)}


def interests(ws: "Workspace", params: Params, progress: Progress) -> "tuple[Interests, InterestMap]":
    """Parameters: those of ``pipeline.find_interests``."""
    from recsys_core import pipeline

    return pipeline.find_interests(ws, **params, progress=progress)


def interests_summary(found: "tuple[Interests, InterestMap]") -> Result:
    """How many interests at each level, and how much the map may be trusted."""
    interests, drawn = found
    return {"levels": list(interests.levels), "trustworthiness": drawn.trustworthiness}


def migrate(ws: "Workspace", params: Params, progress: Progress) -> "Migration":
    """Parameters: those of ``pipeline.migrate``."""
    from recsys_core import pipeline

    return pipeline.migrate(ws, **params, progress=progress)


def migrate_summary(migration: "Migration") -> Result:
    """The level, the size of the windows and how many flows are more than chance."""
    flows = int(migration.flows["significant"].sum())
    return {"level": migration.level, "window": migration.window_size, "significant_flows": flows}


def flows(ws: "Workspace", params: Params, progress: Progress) -> "Answer":
    """Parameters: ``dataset``, ``run``, ``version`` and those of ``Question``."""
    from recsys_core import pipeline
    from recsys_core.migration.question import Question

    data = {name: params[name] for name in ("dataset", "run", "version") if name in params}
    question = Question.from_params({name: value for name, value in params.items() if name not in data})
    return pipeline.answer_flows(ws, question=question, **data, progress=progress)


def flows_summary(answer: "Answer") -> Result:
    """How many people it rests on and how many flows are more than chance."""
    significant = int(answer.flows["significant"].sum())
    return {"n_users": answer.document["n_users"], "significant_flows": significant}


def release(ws: "Workspace", params: Params, progress: Progress) -> "Release":
    """Parameters: ``dataset``, ``run``, ``version`` and those of ``Terms``."""
    from recsys_core import pipeline
    from recsys_core.release.terms import Terms

    data = {name: params[name] for name in ("dataset", "run", "version") if name in params}
    terms = Terms(**{name: value for name, value in params.items() if name not in data})
    return pipeline.release(ws, terms=terms, **data, progress=progress)


def release_summary(made: "Release") -> Result:
    """The ε of it, and how many windows could be told."""
    return {name: made.document[name] for name in ("epsilon", "delta", "n_windows_shown")}


def evaluate(ws: "Workspace", params: Params, progress: Progress) -> "Scorecard":
    """Parameters: those of ``pipeline.evaluate``."""
    from recsys_core import pipeline

    return pipeline.evaluate(ws, **params, progress=progress)


def evaluate_summary(card: "Scorecard") -> Mapping[str, Any]:
    """The scorecard's document."""
    return card.to_json()


def transfer(ws: "Workspace", params: Params, progress: Progress) -> "TransferMatrix":
    """Parameters: those of ``pipeline.transfer_matrix``."""
    from recsys_core import pipeline

    return pipeline.transfer_matrix(ws, **params, progress=progress)


def transfer_summary(matrix: "TransferMatrix") -> Mapping[str, Any]:
    """The matrix' document."""
    return matrix.to_json()


def lists(ws: "Workspace", params: Params, progress: Progress) -> Result:
    """Parameters: ``users`` and ``out``, files by their full paths, and those of ``pipeline.recommend`` that
    say from what. So no id of a person stands in the ledger.
    """
    from recsys_core import pipeline
    from recsys_core.columns import USER_ID
    from recsys_core.workspace.list_files import check_out, read_ids, write_lists

    source, out = Path(params["users"]), Path(params["out"])
    check_out(out)
    asked = {name: value for name, value in params.items() if name not in ("users", "out")}
    frame = pipeline.recommend(ws, users=read_ids(source), progress=progress, **asked)
    write_lists(frame, out)
    return {"out": str(out), "n_users": frame[USER_ID].nunique(), "n_rows": len(frame)}


def demo(ws: "Workspace", params: Params, progress: Progress) -> Result:
    """The whole flow over the sample; no parameters."""
    from recsys_core.demo import run_demo

    del params
    return run_demo(ws, progress)


KINDS: dict[str, Kind] = {
    "import": Kind("Import {dataset}", import_logs, import_summary),
    "finetune": Kind("Fine-tune on {dataset}", finetune, finetune_summary, helped=True),
    "interests": Kind("Find the interests of {dataset}", interests, interests_summary),
    "migrate": Kind("Measure migration in {dataset}", migrate, migrate_summary),
    "flows": Kind("Compare windows of {dataset}", flows, flows_summary),
    "release": Kind("Publish {dataset} with differential privacy", release, release_summary),
    "evaluate": Kind("Score recommenders on {dataset}", evaluate, evaluate_summary),
    "transfer": Kind("Measure transfer in {dataset}", transfer, transfer_summary),
    "lists": Kind("Make lists from {dataset}", lists, dict),
    "demo": Kind("Load the demo and run the whole flow", demo, dict),
}


def kind_named(name: str) -> Kind:
    """A kind by its name. Raises InputError naming those there are."""
    if name not in KINDS:
        raise InputError(f"There is no job of the kind {name!r}.", f"The kinds are: {', '.join(KINDS)}.")
    return KINDS[name]


def title_of(kind: str, dataset: str) -> str:
    """What people read for a job of this kind on that dataset."""
    return kind_named(kind).title.format(dataset=dataset)


def plain(document: Mapping[str, Any]) -> Result:
    """Parameters or a summary as plain JSON.

    Numbers of numpy, paths and dates become what JSON has, and NaN becomes null.
    """
    from recsys_core.workspace.files import to_json

    made: Result = json.loads(to_json(document), parse_constant=lambda _: None)
    return made
