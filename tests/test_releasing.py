"""Publishing with differential privacy, from the charge to the files."""

import io
import json

import pandas as pd
import pytest

from recsys_core import pipeline, releasing
from recsys_core.access import Actor, Role, acting_as
from recsys_core.errors import AccessError, InputError, NotFoundError
from recsys_core.release.terms import Terms
from recsys_core.workspace.publishing import STATEMENT, release_files
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import save_shop
from tests.pages.found import interests

ONE = Terms(1.0, "month")


@pytest.fixture
def shop(tmp_path) -> Workspace:
    ws = Workspace.open(tmp_path / "ws")
    save_shop(ws)
    ws.save_result("interests", "shop", 1, None, interests().parts())
    return ws


def spent(ws: Workspace) -> float:
    return pipeline.budget(ws, "shop").told()["spent"]


def test_what_was_published_is_given_again_byte_for_byte_at_no_cost(shop):
    first = release_files(pipeline.release(shop, "shop", ONE))
    again = release_files(pipeline.release(shop, "shop", ONE))
    assert first == again
    assert spent(shop) == 1
    other = release_files(pipeline.release(shop, "shop", Terms(1.0, "quarter")))
    assert other[STATEMENT] != first[STATEMENT]
    assert spent(shop) == 2


def test_the_cap_is_held_and_what_was_published_stays_to_be_had(shop, monkeypatch):
    monkeypatch.setenv("DRIFTMAP_EPSILON_CAP", "1.5")
    first = pipeline.release(shop, "shop", ONE)
    with pytest.raises(InputError, match=r"1 of 1\.5 are spent\. Ask for 0\.5 or less"):
        pipeline.release(shop, "shop", Terms(1.0, "year"))
    assert pipeline.release(shop, "shop", ONE).people.equals(first.people)
    assert spent(shop) == 1


def test_who_is_killed_after_the_charge_has_spent_it_and_seen_nothing(shop, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(releasing, "make_release", killed)
    with pytest.raises(KeyboardInterrupt):
        pipeline.release(shop, "shop", ONE)
    monkeypatch.undo()
    assert spent(shop) == 1
    assert pipeline.release(shop, "shop", ONE).document["epsilon"] == 1
    assert spent(shop) == 2


def test_forgetting_a_person_gives_no_epsilon_back_and_a_new_version_costs_anew(shop):
    pipeline.release(shop, "shop", ONE)
    pipeline.forget(shop, "shop", "u07")
    assert spent(shop) == 1
    shop.save_result("interests", "shop", 2, None, interests().parts())
    assert pipeline.release(shop, "shop", ONE).document["version"] == 2
    assert [one.version for one in pipeline.releases(shop, "shop")] == [1, 2]
    assert spent(shop) == 2


def test_a_model_without_interests_is_refused_before_anything_is_spent(shop):
    run = shop.new_run("shop", 1, {})
    shop.finish_run(run.id, {})
    with pytest.raises(NotFoundError, match="No interests were found with"):
        pipeline.release(shop, "shop", ONE, run=run.id)
    assert spent(shop) == 0


def test_with_a_models_interests_it_is_said_that_epsilon_does_not_cover_them(shop):
    run = shop.new_run("shop", 1, {})
    shop.finish_run(run.id, {})
    shop.save_result("interests", "shop", 1, run.id, interests().parts())
    made = pipeline.release(shop, "shop", ONE, run=run.id)
    assert (made.document["run"], made.document["interests_from"]) == (run.id, "model")
    assert any("fine-tuned" in sentence for sentence in made.document["not_covered"])
    plain = pipeline.release(shop, "shop", ONE)
    assert (plain.document["run"], plain.document["interests_from"]) == (None, "titles")
    assert not any("fine-tuned" in sentence for sentence in plain.document["not_covered"])


def test_a_viewer_may_see_what_is_spent_but_not_spend(shop):
    with acting_as(Actor("vi@example.org", Role.VIEWER)):
        assert spent(shop) == 0
        with pytest.raises(AccessError, match="publish with differential privacy"):
            pipeline.release(shop, "shop", ONE)


def test_the_files_say_the_same_and_name_the_interests(shop, monkeypatch):
    monkeypatch.setenv("DRIFTMAP_EPSILON_CAP", "1000")
    files = release_files(pipeline.release(shop, "shop", Terms(1000.0, "month")))
    assert sorted(files) == [
        *("flows.csv", "flows.parquet", "people.csv", "people.parquet"),
        *("release.json", "shares.csv", "shares.parquet"),
    ]
    statement = json.loads(files[STATEMENT])
    assert (statement["dataset"], statement["epsilon"], statement["delta"]) == ("shop", 1000.0, 0)
    for name in ("people", "shares", "flows"):
        csv = pd.read_csv(io.BytesIO(files[f"{name}.csv"]), encoding="utf-8-sig")
        parquet = pd.read_parquet(io.BytesIO(files[f"{name}.parquet"]))
        assert list(csv) == list(parquet)
        assert len(csv) == len(parquet)
        assert csv["epsilon"].eq(1000.0).all()
    called = {one["name"] for one in statement["interests"]}
    assert set(pd.read_parquet(io.BytesIO(files["shares.parquet"]))["name"]) == called
