import numpy as np

from pages.ui.colours import (
    GREY,
    MANY,
    OKABE_ITO,
    RATIOS,
    categorical,
    domain_colours,
    faded,
    ink_on,
    interest_colours,
    steps,
)
from recsys_core.interests.interests import Interests
from tests.pages.found import interests


def test_an_interest_has_its_colour_by_its_place_in_its_level() -> None:
    assert interest_colours(interests()) == dict(enumerate([*OKABE_ITO[:2], *OKABE_ITO[:3]]))


def test_unclear_is_grey_and_takes_no_colour_from_the_named() -> None:
    found = interests()
    table = found.table.assign(name=["Tea", "Unclear", "Green tea", "Black tea", "Pots"])
    unclear = Interests((1, 3), table, found.item_interest, found.centroids)

    assert interest_colours(unclear)[1] == GREY
    assert interest_colours(unclear)[0] == OKABE_ITO[0]


def test_beyond_eight_the_larger_set_begins_and_has_no_twins() -> None:
    assert categorical(8) == OKABE_ITO
    assert categorical(25) == MANY[:25]
    assert len(set(MANY)) == 96
    assert len(categorical(100)) == 100


def test_the_first_25_differ_in_normal_and_colour_blind_sight() -> None:
    """No two of them closer than 8 units of CIELAB by normal sight, nor than 4 by deuteranopia."""
    shades = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in MANY[:25]])
    linear = np.where(shades <= 0.04045, shades / 12.92, ((shades + 0.055) / 1.055) ** 2.4)
    blind = np.array(  # Machado et al. 2009, severity 1
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    )

    assert closest(lab(linear)) > 8
    assert closest(lab(np.clip(linear @ blind.T, 0, 1))) > 4


def test_domains_have_their_colour_by_name_not_by_order() -> None:
    assert domain_colours(["kitchen", "food"]) == domain_colours(["food", "kitchen"])


def test_steps_give_each_whole_number_one_colour() -> None:
    assert steps(["#000000", "#ffffff"]) == [
        [0, "#000000"],
        [0.5, "#000000"],
        [0.5, "#ffffff"],
        [1, "#ffffff"],
    ]


def test_faded() -> None:
    assert faded("#0072B2", 0.5) == "rgba(0,114,178,0.5)"


def lab(linear: np.ndarray) -> np.ndarray:
    """Linear RGB → CIELAB under D65."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.072175],
            [0.0193339, 0.119192, 0.9503041],
        ]
    )
    xyz = linear @ to_xyz.T / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], 1)


def closest(points: np.ndarray) -> float:
    """The smallest distance between two of ``points``."""
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    return float(apart[np.triu_indices(len(points), 1)].min())


def test_what_is_written_on_a_colour_can_be_read() -> None:
    black, white = "#000000", "#FFFFFF"
    assert [ink_on(RATIOS, at) for at in (0.0, 0.25, 0.5, 0.75, 1.0)] == [white, black, black, black, white]
    assert ink_on([[0, "#000000"], [1, "#FFFFFF"]], 0.4) == white
