"""The whole product on a part of the sample, with the real encoder and a real database."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys_core import pipeline
from recsys_core.errors import InputError, NotEnoughDataError, NotFoundError
from recsys_core.jobs.kinds import kind_named
from recsys_core.pipeline import FinetuneOptions, ImportRequest
from recsys_core.progress import Silent
from recsys_core.recommend.paired import Interval
from recsys_core.workspace.curve import read_curve
from recsys_core.workspace.hardware import device_name
from recsys_core.workspace.judged import paired_differences
from recsys_core.workspace.records import RunStatus
from recsys_core.workspace.workspace import Workspace
from sample_data import interactions_file, items_file, read_truth
from tests.jobs.test_finetune_job import library

DOMAINS = ("books", "films")


class Stages(Silent):
    """Notes the names of the stages it is told of."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def stage(self, name: str) -> None:
        self.names.append(name)


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Books and films of the sample, with a run of two epochs."""
    workspace = Workspace.open(tmp_path_factory.mktemp("workspace"))
    files = tuple(interactions_file(domain) for domain in DOMAINS)
    items = tuple(items_file(domain) for domain in DOMAINS)
    pipeline.import_logs(workspace, ImportRequest.of("shop", files, items=items))
    pipeline.finetune(workspace, "shop", FinetuneOptions(mode="head", epochs=2))
    return workspace


@pytest.fixture(scope="module")
def found(ws: Workspace) -> Workspace:
    """The same with interests, map and migration."""
    pipeline.find_interests(ws, "shop", k=12)
    pipeline.migrate(ws, "shop")
    return ws


def test_a_run_names_what_made_it(ws: Workspace) -> None:
    run = ws.run_in_use("shop", 1)
    assert run is not None
    assert run.status is RunStatus.FINISHED
    assert {"split_hash", "fingerprint", "seed", "code_version", "version"} <= set(run.options)
    assert run.metrics["validation_low"] < run.metrics["validation_ndcg@10"] < run.metrics["validation_high"]
    assert run.options["encoder_name"] == "all-MiniLM-L6-v2"
    assert run.metrics["seconds"] > 0
    assert run.metrics["device"] == device_name()


def test_a_run_keeps_its_curve_and_what_each_validation_user_got(ws: Workspace) -> None:
    run = ws.run_in_use("shop", 1)
    assert run is not None
    curve = read_curve(run.folder)
    assert curve.index.tolist() == [1, 2]
    assert {"training loss", "validation NDCG@10"} <= set(curve.columns)
    assert max(curve["validation NDCG@10"]) == pytest.approx(run.metrics["validation_ndcg@10"])
    assert paired_differences(run, run)["ndcg@10"] == Interval(0.0, 0.0, 0.0)


def test_what_was_found_is_read_back_the_same(found: Workspace) -> None:
    run = found.run_in_use("shop", 1)
    assert run is not None
    interests = pipeline.load_interests(found, "shop", 1, run.id)
    atlas = pipeline.load_map(found, "shop", 1, run.id)
    migration = pipeline.load_migration(found, "shop", 1, run.id, "quarter", 0)
    assert interests is not None
    assert atlas is not None
    assert migration is not None
    assert interests.levels[0] == 12
    assert len(atlas.items) == 800
    points = pipeline.load_map_points(found, "shop", 1, run.id)
    assert points is not None
    assert points.items.rows.tolist() == atlas.items["item"].tolist()
    assert migration.flows["significant"].any()


def test_migration_document_has_the_fixed_keys(found: Workspace) -> None:
    run = found.run_in_use("shop", 1)
    assert run is not None
    interests = pipeline.load_interests(found, "shop", 1, run.id)
    migration = pipeline.load_migration(found, "shop", 1, run.id, "quarter", 0)
    assert interests is not None
    assert migration is not None
    document = json.loads(json.dumps(migration.to_json(run.id, interests)))
    assert set(document) == {"run", "windows", "interests", "flows", "change_points", "users", "null"}


def test_users_who_were_planted_to_move_are_found_and_the_steady_are_not(found: Workspace) -> None:
    run = found.run_in_use("shop", 1)
    assert run is not None
    migration = pipeline.load_migration(found, "shop", 1, run.id, "quarter", 0)
    assert migration is not None
    data = found.load_dataset("shop")
    flagged = set(migration.users.loc[migration.users["flagged"], "user"])
    shares: dict[str, list[bool]] = {"within": [], "steady": []}
    for cohort in read_truth()["cohorts"]:
        if cohort["kind"] in shares and cohort["from"]["domain"] in DOMAINS:
            shares[cohort["kind"]] += [data.user_row(user) in flagged for user in cohort["users"]]
    assert np.mean(shares["within"]) >= 0.75
    assert np.mean(shares["steady"]) <= 0.1


def test_a_full_fine_tune_leaves_an_encoder_that_others_can_load(tmp_path: Path) -> None:
    from recsys_core.encoder.loading import load_encoder

    run = pipeline.finetune(library(tmp_path), "library", FinetuneOptions(mode="full", epochs=1))
    assert load_encoder(run.folder / "encoder").encode(["Tea"]).shape == (1, 384)
    card = (run.folder / "encoder" / "README.md").read_text()
    assert all(said in card for said in ('license: "apache-2.0"', "Protocol: cold-user", "NDCG@10 0."))
    assert run.options["split_hash"] in card


def test_popularity_needs_no_interest_model_and_is_scored(ws: Workspace) -> None:
    card = pipeline.evaluate(ws, "shop", "books", models=("popularity", "recent-popularity", "item-knn"))
    assert card.made_from["data_hash"] == ws.dataset("shop").hash
    assert {model.name for model in card.models} == {"popularity", "recent-popularity", "item-knn"}
    again = pipeline.load_scorecard(ws, "shop", 1, "cold-user", "books")
    assert again is not None
    assert again.to_json() == card.to_json()
    fewer = pipeline.evaluate(ws, "shop", "books", models=("popularity", "item-knn"))
    assert fewer.model("item-knn").fit_seconds == card.model("item-knn").fit_seconds  # not fitted again


def test_every_direction_is_measured_and_kept(ws: Workspace, tmp_path: Path) -> None:
    matrix = pipeline.transfer_matrix(ws, "shop")
    assert [(one.sources, one.target) for one in matrix.directions] == [
        (("films",), "books"),
        (("books",), "films"),
    ]
    assert {one.transfer for one in matrix.directions} == {"gain"}  # taste carries over in the sample
    assert pipeline.load_transfer(ws, "shop", 1) == matrix
    one = pipeline.transfer_matrix(ws, "shop", targets=["films"])
    assert one.directions[0].p == matrix.directions[1].p
    assert pipeline.load_transfer(ws, "shop", 1) == matrix
    pipeline.export(ws, "shop", tmp_path / "out")
    assert json.loads((tmp_path / "out" / "transfer.json").read_text()) == matrix.to_json()
    with pytest.raises(NotFoundError, match="books, films"):
        pipeline.transfer_matrix(ws, "shop", targets=["games"])


def test_recommendations_for_known_picked_and_typed(ws: Workspace, tmp_path: Path) -> None:
    book = str(pd.read_csv(items_file("books"))["item_id"][0])
    known = pipeline.recommend(ws, "shop", "books", users=["u0001", "u0002"], k=3)
    picked = pipeline.recommend(ws, "shop", "books", items=[book], k=3)
    typed = pipeline.recommend(ws, "shop", "books", text="slow-burn space opera with a hopeful ending", k=3)
    assert known["rank"].tolist() == [1, 2, 3, 1, 2, 3]
    (tmp_path / "ids.txt").write_text("ghost\nu0001\n")
    asked = {"dataset": "shop", "domain": "books", "k": 3, "explain": False}
    files = {"users": str(tmp_path / "ids.txt"), "out": str(tmp_path / "lists.parquet")}
    result = kind_named("lists").work(ws, asked | files, Silent())
    assert result == {"out": files["out"], "n_users": 2, "n_rows": 6}
    some = pd.read_parquet(files["out"])
    assert some["item_id"][3:].tolist() == known["item_id"][:3].tolist()
    assert some["reasons"].tolist() == [*["not in the log: what is popular"] * 3, *[""] * 3]
    assert list(known.columns) == ["user_id", "rank", "item_id", "score", "reasons"]
    assert book not in picked["item_id"].tolist()
    assert typed["reasons"].str.contains("your text").any()


def test_an_export_names_no_user(found: Workspace, tmp_path: Path) -> None:
    written = pipeline.export(found, "shop", tmp_path / "out")
    names = {path.name for path in written}
    assert {"interests.csv", "items.csv", "flows-quarter-level0.csv"} <= names
    assert not any("u0001" in path.read_text() for path in written)
    flows = pd.read_csv(tmp_path / "out" / "flows-quarter-level0.csv")
    assert flows["n_users"].min() >= 10


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"users": ["nobody"]}, NotFoundError, "No user 'nobody'"),
        ({"items": ["nothing"]}, NotFoundError, "No item 'nothing'"),
        ({"text": "  "}, InputError, "empty text"),
        ({}, InputError, "Nobody to recommend for"),
    ],
)
def test_bad_questions_are_answered_with_a_sentence_and_before_anything_is_fitted(
    ws: Workspace, arguments: dict[str, object], error: type[Exception], says: str
) -> None:
    told = Stages()
    with pytest.raises(error, match=says):
        pipeline.recommend(ws, "shop", "books", progress=told, **arguments)  # type: ignore[arg-type]
    assert told.names == []


def test_unknown_names_say_what_there_is(ws: Workspace) -> None:
    with pytest.raises(NotFoundError, match="shop"):
        pipeline.finetune(ws, "shp")
    with pytest.raises(InputError, match="head, lora, full"):
        pipeline.finetune(ws, "shop", FinetuneOptions(mode="magic"))
    with pytest.raises(NotFoundError, match="books, films"):
        pipeline.evaluate(ws, "shop", "games")
    with pytest.raises(InputError, match="cold-user, cold-item, next-item"):
        pipeline.evaluate(ws, "shop", "books", protocol="warm")
    with pytest.raises(InputError, match="month, quarter, year"):
        pipeline.migrate(ws, "shop", window="week")


def test_domains_without_common_users_cannot_be_compared(ws: Workspace, tmp_path: Path) -> None:
    strangers = pd.read_csv(interactions_file("games")).assign(user_id=lambda log: "x" + log["user_id"])
    strangers.to_csv(tmp_path / "games.csv", index=False)
    files = (interactions_file("books"), tmp_path / "games.csv")
    report = pipeline.import_logs(ws, ImportRequest.of("apart", files))
    assert report.overlap["n_users"].tolist() == [0]
    with pytest.raises(NotEnoughDataError, match="No user is in both"):
        pipeline.evaluate(ws, "apart", "books", models=("popularity",))


def test_who_is_made_new_on_purpose_is_seen_by_nothing_that_recommends(ws: Workspace) -> None:
    cold = pipeline.prepare_held_out(ws, "shop", "films")

    assert cold.held_out is not None
    known, films = cold.dataset, cold.training.target
    of_them = np.isin(known.user, cold.held_out.users)
    assert of_them.any()
    assert not (known.event_domain[of_them] == films).any()
    assert cold.training.model is None
    user = int(cold.held_out.users[0])
    whole = ws.load_dataset("shop", 1)
    assert cold.truth(user).tolist() == np.unique(whole.history(user, [films]).items).tolist()
    assert not np.isin(cold.profile_for_held_out(user).history.items, cold.training.items).any()
