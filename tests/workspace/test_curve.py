from pathlib import Path

import pandas as pd
import pytest

from recsys_core.progress import Silent
from recsys_core.training.metric_names import EPOCH_LOSS, RATE, SCORE
from recsys_core.workspace.curve import CurveKeeper, read_curve

pytestmark = pytest.mark.one_database  # opens no catalogue


def test_without_a_curve_there_is_an_empty_one(tmp_path: Path) -> None:
    assert read_curve(tmp_path).empty


def test_a_curve_is_read_back_by_epoch(tmp_path: Path) -> None:
    keeper = CurveKeeper(Silent(), tmp_path)
    keeper.metric(EPOCH_LOSS, 1, 3.0)
    keeper.metric(SCORE, 1, 0.1)
    keeper.metric(EPOCH_LOSS, 2, 2.0)
    keeper.save()

    curve = read_curve(tmp_path)

    assert curve[EPOCH_LOSS].to_dict() == {1: 3.0, 2: 2.0}
    assert curve[SCORE].dropna().to_dict() == {1: 0.1}


def test_what_is_told_between_epochs_is_not_kept(tmp_path: Path) -> None:
    keeper = CurveKeeper(Silent(), tmp_path)
    keeper.metric(EPOCH_LOSS, 1, 3.0)
    keeper.metric(RATE, 250, 0.001)
    keeper.save()

    assert read_curve(tmp_path).to_dict("index") == {1: {EPOCH_LOSS: 3.0}}


def test_a_killed_run_keeps_its_whole_epochs(tmp_path: Path) -> None:
    keeper = CurveKeeper(Silent(), tmp_path)
    keeper.metric(EPOCH_LOSS, 1, 3.0)
    keeper.metric(EPOCH_LOSS, 2, 2.0)

    assert read_curve(tmp_path)[EPOCH_LOSS].to_dict() == {1: 3.0}


def test_a_run_that_goes_on_adds_to_its_curve(tmp_path: Path) -> None:
    first = CurveKeeper(Silent(), tmp_path)
    first.metric(EPOCH_LOSS, 1, 3.0)
    first.metric(EPOCH_LOSS, 2, 2.0)
    first.save()
    second = CurveKeeper(Silent(), tmp_path)
    second.metric(EPOCH_LOSS, 2, 2.5)
    second.metric(EPOCH_LOSS, 3, 1.0)
    second.save()

    assert read_curve(tmp_path)[EPOCH_LOSS].to_dict() == {1: 3.0, 2: 2.5, 3: 1.0}


def test_whoever_listens_still_hears_everything(tmp_path: Path) -> None:
    heard: list[tuple[object, ...]] = []

    class Ear(Silent):
        def metric(self, name: str, step: int, value: float) -> None:
            heard.append((name, step, value))

        def stage(self, name: str) -> None:
            heard.append((name,))

    keeper = CurveKeeper(Ear(), tmp_path)
    keeper.stage("Fine-tuning")
    keeper.metric(EPOCH_LOSS, 1, 3.0)

    assert heard == [("Fine-tuning",), (EPOCH_LOSS, 1, 3.0)]


def test_nothing_is_written_where_nothing_was_measured(tmp_path: Path) -> None:
    CurveKeeper(Silent(), tmp_path).save()

    assert list(tmp_path.iterdir()) == []
    assert isinstance(read_curve(tmp_path), pd.DataFrame)
