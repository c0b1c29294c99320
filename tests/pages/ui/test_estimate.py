from pages.ui.estimate import basis_sentence, estimate_sentence
from recsys_core.training.estimate import Forecast, Measured


def test_the_estimate_is_a_range() -> None:
    told = Forecast((150.0, 500.0), (1200.0, 1800.0), 24.4)
    assert estimate_sentence(told) == (
        "**About 2 to 8 minutes**, 1.2 GB to 1.8 GB of memory and up to 24 MB of disk."
    )
    told = Forecast((12.0, 70.0), (900.0, 900.0), 24.4)
    assert (
        estimate_sentence(told)
        == "**12 seconds to about 1 minute**, 900 MB of memory and up to 24 MB of disk."
    )


def test_it_says_what_it_rests_on() -> None:
    measured = Measured(
        (0.2, 0.3), 4, 665.0, 30_000, 3000.0, 0, 0.1, 900.0, 95.0, 95.0, "this processor (2 cores)"
    )
    assert basis_sentence(measured).startswith(
        "Tried on this processor (2 cores): 2 steps through users, one scoring and the language model "
        "learning 665 tokens a second. The lower end"
    )
