from pathlib import Path

import pandas as pd

from pages.ui.run_words import DEFAULT_EPOCHS, encoder_of, headline, score_of, status_of, unique_names
from recsys_core.workspace.judged import save_scores
from recsys_core.workspace.records import RunStatus
from tests.pages.ui.runs import run


def test_the_best_is_told_from_the_next_by_what_differs() -> None:
    assert headline([run(1, 0.05, epochs=4), run(2, 0.08, epochs=8)]) == (
        "*run 2* is clearly better than *run 1*, which differs in epochs (8 / 4): +0.030 ± 0.014."
    )


def test_reading_the_catalogue_first_is_told() -> None:
    assert headline([run(1, 0.05, pretrain=0), run(2, 0.08, pretrain=1)]) == (
        "*run 2* is clearly better than *run 1*, which differs in reading the catalogue first "
        "(once / never): +0.030 ± 0.014."
    )


def test_a_difference_within_its_interval_is_not_clear() -> None:
    assert headline([run(1, 0.05), run(2, 0.06)]) == (
        "*run 2* is not clearly better than *run 1*, made in the same way: +0.010 ± 0.014."
    )


def test_the_same_score_is_as_good() -> None:
    assert headline([run(1, 0.05), run(2, 0.05)]) == (
        "*run 1* is as good as *run 2*, score 0.050 (0.040 to 0.060), made in the same way."
    )


def test_the_same_users_make_a_small_difference_clear(tmp_path: Path) -> None:
    one, other = (
        run(n, mean, folder=tmp_path / str(n), split_hash="abc") for n, mean in ((1, 0.50), (2, 0.51))
    )
    save_scores(one.folder, pd.DataFrame({"ndcg@10": [0.1, 0.9] * 20}))
    save_scores(other.folder, pd.DataFrame({"ndcg@10": [0.11, 0.91] * 20}))

    assert headline([one, other]) == (
        "*run 2* is clearly better than *run 1*, made in the same way: +0.010 ± 0.000."
    )


def test_an_epoch_that_was_left_open_is_the_default() -> None:
    assert "made in the same way" in headline(
        [run(1, 0.05, epochs=None), run(2, 0.08, epochs=DEFAULT_EPOCHS)]
    )


def test_only_finished_runs_with_a_score_count() -> None:
    assert headline([run(1), run(2, 0.5, status=RunStatus.FAILED)]) == (
        "No model with a score on this version of the data yet."
    )


def test_scores_that_an_old_run_lacks_are_blank() -> None:
    assert score_of(run(1, 0.081)) == "0.081 (0.071 to 0.091)"
    assert score_of(run(1, 0.081), "hit@10") == ""
    assert score_of(run(1)) == ""


def test_a_run_whose_process_is_gone_is_interrupted() -> None:
    assert status_of(run(status=RunStatus.RUNNING), interrupted=True) == "interrupted"
    assert status_of(run(status=RunStatus.RUNNING)) == "running"


def test_a_language_model_is_called_by_its_name() -> None:
    assert encoder_of(run()) == "all-MiniLM-L6-v2"
    assert encoder_of(run(encoder="/models/tiny-bert/")) == "tiny-bert"
    assert encoder_of(run(encoder="/models/x", encoder_name="x")) == "x"


def test_runs_of_the_same_name_are_told_apart() -> None:
    assert unique_names([run(1, name="spring"), run(2, name="spring"), run(3)]) == {
        "run-1": "spring (run-1)",
        "run-2": "spring (run-2)",
        "run-3": "run 3",
    }
