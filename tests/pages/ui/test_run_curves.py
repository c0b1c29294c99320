import pandas as pd

from pages.ui.curves import trainings
from pages.ui.run_curves import alt_of, figure, overlaid, title_of
from recsys_core.training.metric_names import EPOCH_LOSS, SCORE

ONE = pd.DataFrame({SCORE: [0.1, 0.3, 0.2], EPOCH_LOSS: [5.0, 4.0, 3.5]}, index=[1, 2, 3])
OTHER = pd.DataFrame({SCORE: [0.2, 0.25]}, index=[1, 2])


def test_runs_lie_over_each_other_by_epoch() -> None:
    table = overlaid({"run 1": ONE, "run 2": OTHER}, SCORE)

    assert table["run 1"].tolist() == [0.1, 0.3, 0.2]
    assert table["run 2"].dropna().to_dict() == {1: 0.2, 2: 0.25}
    assert overlaid({"run 1": ONE, "run 2": OTHER}, EPOCH_LOSS).columns.tolist() == ["run 1"]


def test_the_title_says_what_to_see() -> None:
    curves = {"run 1": ONE, "run 2": OTHER}

    assert title_of(overlaid(curves, SCORE), SCORE) == "Score: *run 1* reaches 0.300 at epoch 2"
    assert title_of(overlaid(curves, EPOCH_LOSS), EPOCH_LOSS) == "Training loss: *run 1* comes down to 3.50"


def test_the_chart_in_words() -> None:
    assert alt_of(overlaid({"run 1": ONE, "run 2": OTHER}, SCORE), SCORE) == (
        "Validation NDCG@10 by epoch of run 1 and run 2; at the end: run 1 0.2, run 2 0.25"
    )


def test_every_run_has_its_own_mark_and_a_star_at_its_best() -> None:
    drawn = figure(overlaid({"<b>": ONE, "run 2": OTHER}, SCORE), SCORE)

    lines, stars = drawn.data[::2], drawn.data[1::2]
    assert [line.marker.symbol for line in lines] == ["circle", "square"]
    assert [(star.x[0], star.y[0]) for star in stars] == [(2, 0.3), (2, 0.25)]
    assert "&lt;b&gt;" in lines[0].hovertemplate


def test_the_trainings_of_a_job_are_told_apart() -> None:
    rows = [
        (EPOCH_LOSS, 1, 9.0),
        (SCORE, 1, 0.2),
        (EPOCH_LOSS, 2, 8.0),
        (EPOCH_LOSS, 1, 7.0),
        (SCORE, 1, 0.1),
    ]
    metrics = pd.DataFrame(rows, columns=["name", "step", "value"])

    first, second = trainings(metrics.assign(id=range(1, 6)))

    assert first[EPOCH_LOSS].to_dict() == {1: 9.0, 2: 8.0}
    assert second.to_dict("index") == {1: {EPOCH_LOSS: 7.0, SCORE: 0.1}}
