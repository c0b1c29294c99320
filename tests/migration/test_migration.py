import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recsys_core.logs.windows import WindowSize
from recsys_core.migration.measuring import measure_migration
from recsys_core.migration.migration import Migration
from recsys_core.parts import Parts


@pytest.fixture
def measured(worlds):
    dataset = worlds.dataset(worlds.random(1, n_users=40, movers=25, months=11, move=6))
    interests = worlds.interests(dataset)
    rng = np.random.default_rng(0)
    known = interests, worlds.vectors(dataset)
    return measure_migration(dataset, *known, 0, WindowSize.QUARTER, rng, shuffles=40), interests


def test_parts_and_back(measured):
    migration, _ = measured
    again = Migration.from_parts(migration.parts())
    assert (again.level, again.window_size, again.document) == (0, "quarter", migration.document)
    for name in migration.parts().frames:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(migration, name))


def test_what_was_saved_before_there_were_forecasts_has_none(measured):
    parts = measured[0].parts()
    old = {
        name: frame for name, frame in parts.frames.items() if "forecast" not in name and "next" not in name
    }
    again = Migration.from_parts(Parts(parts.document, old))
    assert (again.forecast.empty, again.forecast_scores.empty, again.next_mixes.empty) == (True, True, True)


def test_frames_survive_parquet(measured, tmp_path):
    for name, frame in measured[0].parts().frames.items():
        frame.to_parquet(tmp_path / name)
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / name), frame)


def test_the_document_has_exactly_the_fixed_fields(measured):
    migration, interests = measured
    document = json.loads(json.dumps(migration.to_json("run-1", interests), allow_nan=False))
    assert list(document) == ["run", "windows", "interests", "flows", "change_points", "users", "null"]
    assert document["run"] == "run-1"
    assert document["windows"][0] == {
        "id": "2013-Q1",
        "start": "2013-01-01T00:00:00+00:00",
        "end": "2013-04-01T00:00:00+00:00",
        "partial": False,
        "n_users": 40,
    }
    assert document["windows"][3]["partial"] is True
    assert document["interests"][1] == {"id": 1, "name": "baking", "level": 0, "parent": -1}
    fields = ["from_window", "to_window", "from_interest", "to_interest", "share", "expected", "excess"]
    assert list(document["flows"][0]) == [*fields, "p", "q", "significant"]
    assert {(c["interest"], c["window"], c["direction"]) for c in document["change_points"]} >= {
        (1, "2013-Q3", "fading"),
        (3, "2013-Q3", "rising"),
    }
    assert list(document["change_points"][0]) == ["interest", "window", "direction", "p"]
    assert document["users"] == {
        "tested": len(migration.users),
        "flagged": int(migration.users["flagged"].sum()),
    }
    assert document["null"] == {"shuffles": 40, "level": 0.05}


def test_small_groups_stay_in_the_house(measured):
    migration, interests = measured
    small = migration.flows["n_users"] < 10
    assert small.any()
    shown = migration.to_json(None, interests)["flows"]
    assert len(shown) == len(migration.shown_flows) < (~small).sum()


def test_the_users_of_a_small_window_are_not_counted(measured):
    migration, interests = measured
    small = replace(migration, windows=migration.windows.assign(n_users=[40, 9, 0, 10]))
    document = json.loads(json.dumps(small.to_json(None, interests), allow_nan=False))
    assert [window["n_users"] for window in document["windows"]] == [40, None, None, 10]


def test_flows_from_one_window(measured):
    flows = measured[0].flows_from("2013-Q1")
    assert set(flows["to_window"]) == {"2013-Q2"}
