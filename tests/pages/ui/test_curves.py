import pandas as pd

from pages.ui.curves import curves_sentence, latest_training


def metrics(*rows: tuple[str, int, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["name", "step", "value"])
    return frame.assign(id=range(1, len(frame) + 1))


def test_the_latest_training_of_a_job_is_shown() -> None:
    table = latest_training(metrics(("loss", 1, 9.0), ("loss", 2, 8.0), ("loss", 1, 7.0), ("score", 1, 0.1)))

    assert table.to_dict("index") == {1: {"loss": 7.0, "score": 0.1}}


def test_the_best_epoch_is_named() -> None:
    table = latest_training(
        metrics(
            ("validation NDCG@10", 1, 0.1),
            ("validation NDCG@10", 2, 0.3),
            ("validation NDCG@10", 3, 0.2),
            ("users per second", 3, 1204.4),
        )
    )

    assert (
        curves_sentence(table)
        == "**3 epochs done**, best so far at 2 with a score of 0.300; 1,204 users per second."
    )
