import numpy as np
import pandas as pd
import pytest

from pages.ui.colours import GREY
from pages.ui.map_chart import MapLayer, draw_layer, frame_of

POINTS = pd.DataFrame(
    {"x": [0.0, 0.1, 5.0, 10.0], "y": [0.0, 0.1, 5.0, 10.0], "value": [0, 0, 1, 1], "hover": list("abcd")}
)
FRAME = (0.0, 10.0, 0.0, 10.0)


def test_the_frame_holds_all_positions_with_a_margin() -> None:
    assert frame_of(POINTS.head(2), POINTS.tail(1)) == (-0.4, 10.4, -0.4, 10.4)


def test_one_point_has_a_frame_too() -> None:
    left, right, bottom, top = frame_of(POINTS.head(1))
    assert left < 0 < right
    assert bottom < 0 < top


def test_what_is_not_selected_turns_grey() -> None:
    layer = MapLayer(POINTS, ("#0072B2", "#E69F00"))

    trace = draw_layer(layer, FRAME, selected=np.array([1, 2])).data[0]

    assert list(trace.selectedpoints) == [1, 2]
    assert trace.unselected.marker.color == GREY
    assert draw_layer(layer, FRAME).data[0].selectedpoints is None
    assert trace.type == "scattergl"


def test_beside_a_sample_the_shading_tells_where_all_lie() -> None:
    everything = np.array([[0.1, 0.1]] * 7 + [[9.9, 9.9]], np.float32)
    sampled = MapLayer(POINTS, ("#0072B2", "#E69F00"), everything=everything)

    points, density = draw_layer(sampled, FRAME).data

    assert (points.name, density.type) == ("points", "heatmap")  # a selection speaks of the first trace
    shade = np.asarray(density.z)
    assert np.isfinite(shade).sum() == 2
    assert np.expm1(shade[1, 1]) == pytest.approx(7)
    assert np.expm1(shade[158, 158]) == pytest.approx(1)
    assert len(draw_layer(MapLayer(POINTS, ("#0072B2", "#E69F00")), FRAME).data) == 1
