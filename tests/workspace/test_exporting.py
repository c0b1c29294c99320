from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys_core.errors import InputError
from recsys_core.migration.answering import answer_question
from recsys_core.migration.migration import Migration
from recsys_core.migration.question import Question
from recsys_core.workspace.exporting import export
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.saved import ANSWERS
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import save_shop
from tests.pages.found import interests, migration


@pytest.fixture
def shop(tmp_path: Path) -> tuple[Workspace, DatasetInfo]:
    ws = Workspace.open(tmp_path / "ws")
    info = save_shop(ws)
    ws.save_result("interests", "shop", 1, None, interests().parts())
    return ws, info


def save(ws: Workspace, found: Migration) -> None:
    ws.save_result("migration", "shop", 1, None, found.parts(), "month-0")


def exported(ws: Workspace, out: Path) -> dict[str, Path]:
    return {path.name: path for path in export(ws, "shop", out, version=1)}


def ask(ws: Workspace, question: Question) -> None:
    data, rng = ws.load_dataset("shop"), np.random.default_rng(0)
    answer = answer_question(data, interests(), question, rng, shuffles=5)
    ws.save_result(ANSWERS, "shop", 1, None, answer.parts(), question.key)


def test_steps_of_the_crowd_between_small_windows_stay_in_the_house(
    shop: tuple[Workspace, DatasetInfo], tmp_path: Path
) -> None:
    ws, _ = shop
    whole = migration()
    save(ws, replace(whole, population=whole.population.assign(kept_n_users=[60, 9])))
    told = pd.read_csv(exported(ws, tmp_path / "out")["population-month-level0.csv"])
    assert told["to_window"].tolist() == ["2024-02", "2024-03"]
    assert told["kept_effect"].isna().tolist() == told["kept_n_users"].isna().tolist() == [False, True]
    assert told[["effect", "new_share", "kept_share"]].notna().all(axis=None)
    save(ws, replace(whole, windows=whole.windows.assign(n_users=[9, 60, 60])))
    files = exported(ws, tmp_path / "out")
    assert pd.read_csv(files["population-month-level0.csv"])["from_window"].tolist() == ["2024-02"]
    assert '"n_users": null' in files["migration-month-level0.json"].read_text().replace('":null', '": null')


def test_what_was_asked_for_is_exported_with_the_question(
    shop: tuple[Workspace, DatasetInfo], tmp_path: Path
) -> None:
    ws, _ = shop
    save(ws, migration())
    assert "flows-asked.csv" not in exported(ws, tmp_path / "out")
    ask(ws, Question("month", 0, ("2024-01", "2024-03")))
    ask(ws, Question("month", 0, domain="food", fewest=2, users=tuple(range(12))))
    ask(ws, Question("month", 0, users=tuple(range(9))))
    text = exported(ws, tmp_path / "out")["flows-asked.csv"]
    told = pd.read_csv(text, dtype="str", keep_default_na=False)
    assert told["n_users"].astype(int).min() >= 10
    asked = ["window_size", "level", "domain", "fewest", "cohort", "from_window", "to_window"]
    rows = told[asked].drop_duplicates().to_numpy().tolist()
    assert rows == [
        ["month", "0", "food", "2", "12", "2024-01", "2024-02"],
        ["month", "0", "food", "2", "12", "2024-02", "2024-03"],
        ["month", "0", "", "1", "", "2024-01", "2024-03"],
    ]
    assert set(told["to_name"]) == {"Tea", "Pots"}


def test_what_speaks_of_earlier_interests_is_left_out(
    shop: tuple[Workspace, DatasetInfo], tmp_path: Path
) -> None:
    ws, _ = shop
    save(ws, migration())
    ask(ws, Question("month", 0))
    ws.save_result("interests", "shop", 1, None, interests().parts())
    assert set(exported(ws, tmp_path / "out")) == {"interests.csv", "items.csv"}


def test_nothing_to_export_is_told(tmp_path: Path) -> None:
    ws = Workspace.open(tmp_path / "ws")
    save_shop(ws)
    with pytest.raises(InputError, match="Nothing has been computed on 'shop' version 1"):
        export(ws, "shop", tmp_path / "out", version=1)
