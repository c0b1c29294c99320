"""The whole product, top to bottom: load → compute → save.

Pages, jobs and the command line call these functions and nothing deeper. Every one takes the workspace
first and tells ``progress`` how it goes. The heavy libraries are imported inside.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from recsys_core.access import Role
from recsys_core.catalogue.dataset import Dataset
from recsys_core.errors import InputError
from recsys_core.evaluation.protocols import split_by
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.splits import validation_holdout
from recsys_core.evaluation.transfer_matrix import TransferMatrix
from recsys_core.interests.interests import Interests
from recsys_core.interests.projection import InterestMap
from recsys_core.logs.windows import WindowSize, windows_between
from recsys_core.migration.migration import Migration
from recsys_core.migration.question import Answer, Question
from recsys_core.modes import FinetuneOptions, best_mode, try_finetune
from recsys_core.preparing import prepare_held_out, prepare_popular, prepare_recommender
from recsys_core.progress import Progress, Silent
from recsys_core.randomness import rng_from
from recsys_core.releasing import release
from recsys_core.settings import read_settings
from recsys_core.steps import (
    at_least_one,
    choice,
    interest_vectors,
    kept_with_scores,
    lesson_about,
    made_from,
    pretrained,
    text_vectors,
    trained_on,
    training_options,
)
from recsys_core.training.options import AUTO
from recsys_core.workspace.auditing import read_audit
from recsys_core.workspace.beside import make_beside
from recsys_core.workspace.doctor import examine as doctor
from recsys_core.workspace.exporting import export
from recsys_core.workspace.forgetting import ForgetReport, forget, look_for
from recsys_core.workspace.gate import changes, takes
from recsys_core.workspace.imports import import_logs, preview_import
from recsys_core.workspace.kept_scores import KeptScores
from recsys_core.workspace.members import add_member, change_member, remove_member, team
from recsys_core.workspace.naming import load_interests, rename_interest
from recsys_core.workspace.recording import open_run, recorded, run_cut_off, run_for
from recsys_core.workspace.records import RunInfo
from recsys_core.workspace.releases import budget, load_release, releases
from recsys_core.workspace.requests import ImportPreview, ImportReport, ImportRequest
from recsys_core.workspace.run_encoders import load_chosen_encoder, load_first_encoder
from recsys_core.workspace.saved import (
    ANSWERS,
    TRANSFER,
    load_answer,
    load_map,
    load_map_points,
    load_migration,
    load_scorecard,
    load_transfer,
)
from recsys_core.workspace.taught import hash_of, said_in, taught
from recsys_core.workspace.workspace import Workspace

__all__ = [
    "FinetuneOptions",
    "ForgetReport",
    "ImportPreview",
    "ImportReport",
    "ImportRequest",
    "add_member",
    "answer_flows",
    "budget",
    "change_member",
    "doctor",
    "evaluate",
    "export",
    "find_interests",
    "finetune",
    "forget",
    "import_logs",
    "load_answer",
    "load_interests",
    "load_map",
    "load_map_points",
    "load_migration",
    "load_release",
    "load_scorecard",
    "load_transfer",
    "look_for",
    "make_beside",
    "migrate",
    "prepare_held_out",
    "prepare_popular",
    "prepare_recommender",
    "preview_import",
    "read_audit",
    "recommend",
    "release",
    "releases",
    "remove_member",
    "rename_interest",
    "team",
    "transfer_matrix",
    "try_finetune",
]


# --- fine-tune --------------------------------------------------------------------------------------


@changes(Role.ANALYST, "fine-tune a model", on=("dataset",))
def finetune(
    ws: Workspace, dataset: str, options: FinetuneOptions | None = None, progress: Progress | None = None
) -> RunInfo:
    """Train an InterestModel on a dataset, judged on users made cold on purpose, and record the run.

    An unfinished run with the same options goes on from its checkpoint, and does no pre-training twice; one
    that a kill cut off when it was finished is returned as it is.
    Where the mode is auto, each mode tried is a run of its own, and the best comes into use.

    Raises NotFoundError, NotEnoughDataError, InputError, and CancelledError where the user stopped it.
    """
    from recsys_core.training.checkpoint import discard
    from recsys_core.training.fitting import fit
    from recsys_core.training.scalars import scalars_in

    options, progress = options or FinetuneOptions(), progress or Silent()
    if options.mode == AUTO:
        return best_mode(ws, dataset, options, finetune, progress)
    training = training_options(options.mode, options.epochs)
    data = ws.load_dataset(dataset, options.version)
    holdout = validation_holdout(data, options.seed)
    encoder = load_chosen_encoder(ws, options.encoder, read_settings().device)
    made_by = {"split_hash": holdout.hash, "fingerprint": encoder.fingerprint, "encoder_name": encoder.name}
    train = holdout.train
    if options.with_feedback:
        said = said_in(ws, data, np.concatenate([cold.users for cold in holdout.validation]))
        progress.log(f"Learning from {said['likes'].sum()} likes and {(~said['likes']).sum()} dislikes, too")
        train, made_by = taught(train, said), made_by | {"feedback": hash_of(said)}
    made_by = options.recorded() | made_by
    if (cut_off := run_cut_off(ws, data, made_by)) is not None:
        discard(cut_off.folder)
        return cut_off
    run = open_run(ws, data, made_by)
    with recorded(ws, run, progress) as making:
        progress = making.progress
        if options.pretrain:
            encoder = pretrained(encoder, run, data, options.pretrain, options.seed, progress)
        progress.stage("Reading item texts")
        vectors = text_vectors(ws, data, encoder, progress)
        progress.stage("Fine-tuning")
        lesson = lesson_about(train, encoder, vectors, holdout.validation)
        with scalars_in(run.folder, progress) as told:
            model = fit(replace(lesson, options=training, seed=options.seed), told, run.folder)
        progress.stage("Saving the model")
        metrics = kept_with_scores(model, encoder, run, holdout.validation)
        making.progress.save()  # from then on what is in the folder stays as it is
        finished = ws.finish_run(run.id, metrics | making.made())
    discard(run.folder)  # only now: what a full disk or a kill interrupts above can be resumed
    return finished


# --- interests and their map ------------------------------------------------------------------------


@changes(Role.ANALYST, "find interests", on=("dataset", "run"))
def find_interests(
    ws: Workspace,
    dataset: str,
    run: str | None = None,
    k: int | None = None,
    version: int | None = None,
    progress: Progress | None = None,
) -> tuple[Interests, InterestMap]:
    """Named interests and the map. ``run``: None for the one in use, or plain text vectors where none
    is. ``k``: how many interests at the coarsest level; None to let the catalogue's size decide.
    """
    from recsys_core.interests.clusters import default_levels
    from recsys_core.interests.drawing import draw_map
    from recsys_core.interests.finding import find_interests as find
    from recsys_core.interests.people_shown import people_on_map
    from recsys_core.interests.points import map_points
    from recsys_core.interests.profiles import user_window_vectors

    progress = progress or Silent()
    data, used = ws.load_dataset(dataset, version), run_for(ws, dataset, version, run)
    rng = rng_from(0, "interests", dataset)
    progress.stage("Reading item texts")
    shown = people_on_map(data, rng_from(0, "people on the map", dataset))
    items, states = interest_vectors(ws, shown, used, progress)
    with_vector = int(np.any(items != 0, axis=1).sum())
    levels = (
        default_levels(with_vector) if k is None else default_levels(with_vector, coarsest=at_least_one(k))
    )
    found = find(data, items, levels, rng, progress)
    windows = windows_between(int(data.time.min()), int(data.time.max()), WindowSize.QUARTER)
    people = user_window_vectors(shown, windows, found, items, states)
    drawn = draw_map(items, people, found, rng, progress)
    run_id = used.id if used else None
    ws.save_result("interests", data.name, data.version, run_id, found.parts())
    ws.save_result("map", data.name, data.version, run_id, drawn.parts())
    points = map_points(items, people, drawn)
    ws.save_result("map-points", data.name, data.version, run_id, points.parts())
    return found, drawn


def _interests_of(ws: Workspace, data: Dataset, run_id: str | None, progress: Progress) -> Interests:
    """What was found, now if not before."""
    there = load_interests(ws, data.name, data.version, run_id)
    return there or find_interests(ws, data.name, run_id, None, data.version, progress)[0]


# --- migration --------------------------------------------------------------------------------------


@changes(Role.ANALYST, "measure migration", on=("dataset", "run"))
def migrate(
    ws: Workspace,
    dataset: str,
    run: str | None = None,
    window: str = "quarter",
    level: int = 0,
    version: int | None = None,
    progress: Progress | None = None,
) -> Migration:
    """Where interests went between windows, against shuffled time. Finds the interests first where
    that has not been done.
    """
    from recsys_core.migration.measuring import measure_migration

    progress = progress or Silent()
    size = choice(window, WindowSize, "window")
    data, used = ws.load_dataset(dataset, version), run_for(ws, dataset, version, run)
    run_id = used.id if used else None
    found = _interests_of(ws, data, run_id, progress)
    progress.stage("Reading item texts")
    vectors = text_vectors(ws, data, load_first_encoder(used), progress)
    progress.stage("Measuring migration")
    rng = rng_from(0, "migration", dataset, window)
    migration = measure_migration(data, found, vectors, level, size, rng, progress)
    ws.save_result("migration", data.name, data.version, run_id, migration.parts(), f"{window}-{level}")
    return migration


@changes(Role.ANALYST, "compare windows", on=("dataset", "run"))
def answer_flows(
    ws: Workspace,
    dataset: str,
    question: Question,
    run: str | None = None,
    version: int | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Flows between any two windows or along all of them, of everybody or of a part of the crowd. Finds the
    interests first where that has not been done.
    """
    from recsys_core.migration.answering import answer_question

    progress = progress or Silent()
    data, used = ws.load_dataset(dataset, version), run_for(ws, dataset, version, run)
    run_id = used.id if used else None
    found = _interests_of(ws, data, run_id, progress)
    progress.stage("Comparing moves with chance")
    rng = rng_from(0, "flows", dataset, question.key)
    answer = answer_question(data, found, question, rng, progress)
    ws.save_result(ANSWERS, data.name, data.version, run_id, answer.parts(), question.key)
    return answer


# --- evaluation -------------------------------------------------------------------------------------


@changes(Role.ANALYST, "score recommenders", on=("dataset", "target"))
def evaluate(
    ws: Workspace,
    dataset: str,
    target: str,
    protocol: str = "cold-user",
    models: Sequence[str] | None = None,
    seeds: int = 1,
    version: int | None = None,
    run: str | None = None,
    progress: Progress | None = None,
) -> Scorecard:
    """Every recommender on the same users, whom none of them has seen in ``target``.

    The InterestModel is trained anew on the split, in the mode of the run in use, because the run
    itself may have seen the test users' answers. It begins with the encoder that the run began with:
    pre-training, if any, has only read item texts. What a recommender got on a split before is not
    computed again, unless its code, the run or the interests have changed.
    """
    from recsys_core.evaluation.scoring import score_models
    from recsys_core.recommend.registry import DEFAULTS, needs_model

    progress = progress or Silent()
    names = tuple(models or DEFAULTS)
    data, used = ws.load_dataset(dataset, version), run_for(ws, dataset, version, run)
    progress.stage("Reading item texts")
    vectors = text_vectors(ws, data, load_first_encoder(used), progress)

    splits = [split_by(protocol, data, target, seed) for seed in range(seeds)]
    interests = load_interests(ws, data.name, data.version, used.id if used else None)
    coarse = interests.item_interest[0] if interests else None
    kept = KeptScores(ws, data.name, data.version, used.id if used else None)
    trained = trained_on(used, vectors, progress) if needs_model(names) else None
    card = score_models(splits, vectors, names, trained, progress, coarse, kept)
    card = replace(card, made_from=made_from(ws.dataset(data.name, data.version), used))
    if interests:
        card = card.with_interests({str(row): interests.name(row) for row in range(len(interests.table))})
    ws.save_result(
        "scorecard", data.name, data.version, used.id if used else None, card.parts(), f"{protocol}:{target}"
    )
    return card


@changes(Role.ANALYST, "measure transfer", on=("dataset",))
def transfer_matrix(
    ws: Workspace,
    dataset: str,
    targets: Sequence[str] | None = None,
    seeds: int = 1,
    version: int | None = None,
    run: str | None = None,
    progress: Progress | None = None,
) -> TransferMatrix:
    """What every set of source domains is worth to newcomers of each of ``targets``, by default of all.

    Goes by the blend without an interest model, which would have to be trained anew for every direction. Of
    the run only the encoder counts that its training began with, so what was measured with another run that
    began with the same one is not measured again. Only the matrix of all targets is saved.
    """
    from recsys_core.evaluation.measuring_transfer import measure_transfer

    progress = progress or Silent()
    data, used = ws.load_dataset(dataset, version), run_for(ws, dataset, version, run)
    wanted = None if targets is None else [data.domain_index(target) for target in dict.fromkeys(targets)]
    encoder = load_first_encoder(used)
    progress.stage("Reading item texts")
    vectors = text_vectors(ws, data, encoder, progress)
    kept = KeptScores(ws, data.name, data.version, None, f"no model, {encoder.fingerprint[:16]}")
    progress.stage("Measuring transfer")
    matrix = measure_transfer(data, vectors, wanted, range(at_least_one(seeds, "seeds")), progress, kept)
    matrix = replace(matrix, made_from=made_from(ws.dataset(data.name, data.version), used))
    if targets is None:
        ws.save_result(TRANSFER, data.name, data.version, used.id if used else None, matrix.parts())
    return matrix


# --- recommendation ---------------------------------------------------------------------------------


@takes(Role.VIEWER, "ask for recommendations")
def recommend(
    ws: Workspace,
    dataset: str,
    domain: str,
    users: Sequence[str] = (),
    items: Sequence[str] = (),
    text: str = "",
    k: int = 10,
    run: str | None = None,
    version: int | None = None,
    progress: Progress | None = None,
    explain: bool = True,
) -> pd.DataFrame:
    """Ranked items for known ``users``, or for one newcomer who picked ``items`` (ids) or wrote ``text``.

    Columns ``user_id`` ("" for a newcomer), ``rank`` (1…k), ``item_id``, ``score``, ``reasons`` (empty
    without ``explain``, which is much quicker for many users). Of several users, those who are not in the log
    get what is popular, and the reasons say so. Raises NotFoundError for an unknown item, or where no user is
    known, InputError where nobody is named.
    """
    from recsys_core.recommend.batch import batch, batch_of_users

    if not users and not items and not text.strip():
        raise InputError("Nobody to recommend for: no user, no items and an empty text.", "Name one of them.")
    known = prepare_popular(ws, dataset, domain, version)  # quickly, so that an unknown id is told at once
    picked = [known.item_row(item) for item in items]
    if len(users) == 1:
        known.profile_for_user(users[0])
    ready = prepare_recommender(ws, dataset, domain, run, known.dataset.version, progress)
    if users:
        return batch_of_users(ready, users, k, explain, progress)
    profile = ready.profile_for_picks(picked) if picked else ready.profile_for_text(text)
    return batch(ready, [("", profile)], k, explain)
