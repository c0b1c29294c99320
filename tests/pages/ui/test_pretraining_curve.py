from pages.ui.pretraining_curve import pretraining_curve
from tests.pages.ui.test_curves import metrics


def test_only_the_last_pre_training_is_drawn() -> None:
    told = metrics(
        ("pre-training loss", 1, 9.0), ("pre-training loss", 2, 8.5),
        ("pre-training loss", 1, 9.0), ("pre-training loss", 2, 8.4), ("pre-training loss", 3, 8.0),
        ("units per epoch", 0, 4.0), ("loss", 2, 5.0),
    )  # fmt: skip
    assert pretraining_curve(told).to_dict() == {1: 9.0, 2: 8.4, 3: 8.0}


def test_without_pre_training_there_is_no_curve() -> None:
    assert pretraining_curve(metrics(("loss", 2, 5.0))).empty
