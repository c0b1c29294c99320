import pandas as pd

from pages.ui.curves import curves_sentence, latest_training, live_curves, newest


def metrics(*rows: tuple[str, int, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["name", "step", "value"])
    return frame.assign(id=range(1, len(frame) + 1))


def test_the_latest_training_of_a_job_is_shown() -> None:
    table = latest_training(
        metrics(
            ("units per epoch", 0, 4.0), ("training loss", 1, 9.0), ("training loss", 2, 8.0),
            ("units per epoch", 0, 4.0), ("training loss", 1, 7.0), ("validation NDCG@10", 1, 0.1),
        )
    )  # fmt: skip
    assert table.to_dict("index") == {1: {"training loss": 7.0, "validation NDCG@10": 0.1}}


def test_a_training_that_goes_on_keeps_what_came_before() -> None:
    told = metrics(
        ("units per epoch", 0, 4.0), ("loss", 2, 9.0), ("training loss", 1, 9.5), ("loss", 6, 8.0),
        ("units per epoch", 1, 4.0), ("loss", 5, 8.5), ("loss", 6, 8.0),
    )  # fmt: skip
    assert live_curves(told)["loss"].to_dict() == {0.5: 9.0, 1.25: 8.5, 1.5: 8.0}
    assert latest_training(told)["training loss"].to_dict() == {1: 9.5}
    assert newest(told)["loss"] == 8.0


def test_the_best_epoch_is_named() -> None:
    table = latest_training(
        metrics(
            ("validation NDCG@10", 1, 0.1), ("validation NDCG@10", 2, 0.3), ("validation NDCG@10", 3, 0.2)
        )
    )
    assert curves_sentence(table) == "**3 epochs done**, best so far at 2 with a score of 0.300."
    assert curves_sentence(latest_training(metrics())) == "**The first epoch is under way.**"
