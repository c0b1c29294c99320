from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pages.ui.journey_look import Look
from pages.ui.journey_path import mean_path, path_on_map, path_title, user_path
from recsys_core.interests.projection import InterestMap
from recsys_core.logs.windows import WindowSize
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import interest_map, interests


def crowd() -> InterestMap:
    """Users 0 to 11 in 2024-01, the first 10 of them in 2024-02, the first 9 in 2024-03; all go right."""
    rows = [
        (user, f"2024-0{month}", float(month), float(user), 1, int(month == 2 and user < 8))
        for user in range(12)
        for month, n in ((1, 12), (2, 10), (3, 9))
        if user < n
    ]
    users = pd.DataFrame(rows, columns=["user", "window", "x", "y", "n_events", "interest"])
    return replace(
        interest_map(), users=users, user_interest=np.stack([users["interest"], users["interest"] + 2])
    )


def look(ws: Workspace) -> Look:
    return Look(ws.load_dataset("shop"), interests(), 0, "interest", WindowSize.MONTH)


def test_a_user_has_a_place_per_window_with_the_main_interest_of_the_level() -> None:
    path = user_path(interest_map(), 1, 1)
    assert path[["window", "interest", "n_events"]].to_numpy().tolist() == [
        ["2024-01", 3, 3],
        ["2024-03", 4, 1],
    ]
    assert user_path(interest_map(), 5, 0).empty


def test_the_mean_of_a_cohort_leaves_out_windows_of_fewer_than_ten() -> None:
    path = mean_path(crowd(), np.arange(12), 0)
    assert path["window"].tolist() == ["2024-01", "2024-02"]
    assert path[["x", "y", "n_users", "interest", "share"]].to_numpy().tolist() == [
        [1, 5.5, 12, 0, 1],
        [2, 4.5, 10, 1, 0.8],
    ]
    assert mean_path(crowd(), np.arange(9), 0).empty


@pytest.mark.usefixtures("shop")
def test_the_way_is_arrows_over_faint_titles(ws: Workspace) -> None:
    path = mean_path(crowd(), np.arange(12), 0)
    figure = path_on_map(path, crowd(), look(ws), dark=True)
    arrows = [note for note in figure.layout.annotations if note.showarrow]
    assert [(note.ax, note.ay, note.x, note.y) for note in arrows] == [(1.0, 5.5, 2.0, 4.5)]
    assert [trace.name for trace in figure.data] == ["points", "Tea", "Pots"]
    assert figure.data[2].text == ("<b>2024-02</b><br>Pots<br>main interest of 80 % of 10 people",)
    assert "from *Tea* in 2024-01 to *Pots* in 2024-02" in path_title(path, look(ws))
    assert "only in 2024-01, in *Tea*" in path_title(path.head(1), look(ws))
