import numpy as np
import pandas as pd

from pages.ui.map_motion import add_arrows, add_trails, draw_motion, most_gliding
from recsys_core.interests.movement import Paths

NAN = np.nan
FRAME = (0.0, 10.0, 0.0, 10.0)
PATHS = Paths(
    ("2024-Q1", "2024-Q2"),
    np.array([4, 7]),
    np.array([[[0, 0], [NAN, NAN]], [[0, 0], [5, 5]]], np.float32),
    np.array([[0, -1], [0, 1]]),
    np.array([[True, False], [False, True]]),
)
GROUPS = np.array([[0, 0], [0, 1]])


def test_people_glide_from_frame_to_frame_and_the_picture_stands_still() -> None:
    figure = draw_motion(PATHS, GROUPS, ("#0072B2", "#E69F00"), FRAME, selected=np.array([1]))

    first, second = figure.frames
    assert (first.name, second.name) == PATHS.windows
    assert (first.data[0].x, second.data[0].x) == ((0.0, None), (0.0, 5.0))
    assert second.data[0].marker.color == (0, 1)
    assert second.data[0].marker.opacity == (0.2, 0.85)  # who is not active is faint
    assert list(figure.data[0].x) == [0.0, 5.0]
    assert figure.data[0].type == "scatter"
    assert list(figure.data[0].selectedpoints) == [1]
    assert (list(figure.layout.xaxis.range), first.layout.xaxis.range) == ([0, 10], None)
    assert [step.label for step in figure.layout.sliders[0].steps] == list(PATHS.windows)
    assert "Play" in figure.layout.updatemenus[0].buttons[0].label


def test_the_picture_of_ten_years_stays_under_two_megabytes() -> None:
    n_windows, n = 40, most_gliding(40)
    rng = np.random.default_rng(0)
    windows = tuple(f"{2010 + i // 4}-Q{1 + i % 4}" for i in range(n_windows))
    shape = (n_windows, n)
    paths = Paths(
        windows, np.arange(n), rng.random((*shape, 2), np.float32), np.zeros(shape, int), np.ones(shape, bool)
    )
    figure = draw_motion(paths, paths.interest, ("#0072B2",), FRAME)
    assert n == 1_000
    assert len(figure.to_json()) < 2_000_000


def test_a_trail_goes_along_a_persons_windows() -> None:
    figure = draw_motion(PATHS, GROUPS, ("#0072B2", "#E69F00"), FRAME)
    add_trails(figure, PATHS, "#000000")
    assert list(figure.data[1].x) == [0, 0, None, None, 5, None]


def test_arrows_tell_how_many_people_moved_and_leave_out_who_did_not() -> None:
    figure = draw_motion(PATHS, GROUPS, ("#0072B2", "#E69F00"), FRAME)
    moved = pd.DataFrame(
        [(0, 1200, 1.0, 1.0, 3.0, 1.0), (1, 30, 5.0, 5.0, 5.05, 5.0)],
        columns=["interest", "n_users", "x", "y", "to_x", "to_y"],
    )

    assert add_arrows(figure, moved, {0: "#0072B2"}, FRAME, dark=False) == 1

    arrow, number = figure.layout.annotations
    assert (arrow.ax, arrow.ay, arrow.x, arrow.y, arrow.arrowcolor) == (1, 1, 3, 1, "#0072B2")
    assert number.text == "<b>1,200</b>"
