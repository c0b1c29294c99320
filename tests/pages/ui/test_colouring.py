import numpy as np
import pandas as pd

from pages.ui.colouring import Form, by_amount, by_kind
from pages.ui.colours import GREY, OKABE_ITO, VIRIDIS

NAN = np.nan


def test_the_eight_commonest_kinds_have_a_colour_and_the_rest_is_other() -> None:
    values = pd.Series([name for n, name in enumerate("abcdefghij") for _ in range(12 - n)] + ["", None])

    coloured = by_kind(values, "Maker")

    assert coloured.colours == (*OKABE_ITO, GREY)
    assert coloured.legend == (*zip("abcdefgh", OKABE_ITO, strict=True), ("other or unknown", GREY))
    assert coloured.values[[0, 12, -3, -2, -1]].tolist() == [0, 1, 8, 8, 8]
    assert (coloured.told[0], coloured.told[-1]) == ("Maker: a", "Maker: unknown")


def test_few_kinds_have_no_other() -> None:
    assert by_kind(pd.Series(["x", "x", "y"]), "Kind").legend == (("x", OKABE_ITO[0]), ("y", OKABE_ITO[1]))
    assert by_kind(pd.Series(["x", "y", "y", ""]), "Kind").legend[-1] == ("unknown", GREY)


def test_amounts_go_from_the_smallest_to_the_largest_on_a_titled_bar() -> None:
    coloured = by_amount(np.array([1.0, 10.0, 1000.0]), "Events", Form.LOG)

    assert coloured.values.tolist() == [0, 1, 3]
    assert coloured.bar is not None
    assert (coloured.bar.title, coloured.bar.low, coloured.bar.high, coloured.bar.grey) == (
        "Events",
        0,
        3,
        False,
    )
    assert coloured.bar.labels == ("1", "3", "10", "30", "100", "300", "1,000")
    assert [coloured.bar.scale[0], coloured.bar.scale[-1]] == [[0.0, VIRIDIS[0]], [1.0, VIRIDIS[-1]]]
    assert coloured.told[2] == "Events: 1,000"


def test_what_is_unknown_is_grey_below_the_smallest() -> None:
    coloured = by_amount(np.array([0.0, NAN, 1.0]), "Strength", Form.NUMBER)

    assert coloured.bar is not None
    assert coloured.values[1] == coloured.bar.bottom < coloured.bar.low
    grey = [colour for _, colour in coloured.bar.scale[:2]]
    assert grey == [GREY, GREY]
    assert coloured.told[1] == "Strength: unknown"
    nobody = by_amount(np.array([NAN, NAN]), "Strength", Form.NUMBER)
    assert nobody.bar is not None
    assert nobody.values.tolist() == [nobody.bar.bottom] * 2


def test_a_few_odd_prices_do_not_hide_the_others() -> None:
    prices = np.append(np.linspace(5, 50, 999), 100_000.0)
    coloured = by_amount(prices, "Price", Form.NUMBER)
    assert coloured.bar is not None
    assert coloured.bar.high == 5.0  # log10
    offsets = by_amount(prices - 20, "Change", Form.NUMBER)
    assert offsets.bar is not None
    assert offsets.bar.high < 31
    assert offsets.values.max() == offsets.bar.high


def test_dates_are_told_as_dates() -> None:
    coloured = by_amount(np.array([0.0, 365.0]), "Released", Form.DATE)
    assert coloured.bar is not None
    assert (coloured.bar.labels[0], coloured.bar.labels[-1]) == ("Jan 1970", "Dec 1970")
    assert coloured.told == ("Released: 01 January 1970", "Released: 01 January 1971")
