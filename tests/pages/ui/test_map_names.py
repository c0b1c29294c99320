from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from pages.ui import map_names
from pages.ui.map_names import NAME_OF_INTEREST, add_names, centres


def test_the_larger_of_two_names_in_one_place_is_seen_and_the_other_waits_for_room() -> None:
    figure = go.Figure()
    places = pd.DataFrame(
        {"x": [5.0, 5.1, 9.0], "y": [5.0, 5.0, 1.0], "n": [3, 9, 1], "name": ["a", "b", "c"]}
    )

    add_names(figure, places, (0.0, 10.0, 0.0, 10.0), dark=False)

    assert [(note.text, note.opacity) for note in figure.layout.annotations] == [("b", 1), ("a", 0), ("c", 1)]


def test_a_name_stands_at_the_densest_spot_not_between_two() -> None:
    crowd = pd.DataFrame({"x": [0.0] * 5 + [10.0], "y": [0.0] * 5 + [10.0], "group": 0})

    place = centres(crowd, ["tea"]).iloc[0]

    assert (place["x"], place["y"], place["n"], place["name"]) == (0.0, 0.0, 6.0, "tea")


def test_what_is_unclear_has_no_name_on_the_map() -> None:
    points = pd.DataFrame({"x": [0.0, 5.0], "y": [0.0, 5.0], "group": [0, 1]})

    assert centres(points, ["tea", "Unclear"])["name"].tolist() == ["tea"]


def test_the_script_hides_only_names_of_interests() -> None:
    script = Path(map_names.__file__).with_name("thin_names.js").read_text(encoding="utf-8")
    assert f'"{NAME_OF_INTEREST}"' in script
    assert "\nconst" not in script  # a second run, for another view, would fail on a name that is there
