import numpy as np

from pages.ui.transfer_chart import transfer_chart
from recsys_core.evaluation.transfer_matrix import Direction, TransferMatrix
from tests.pages.found import transfer


def test_sure_cells_have_a_colour_and_others_are_grey() -> None:
    unsure, sure = transfer_chart(transfer()).data
    assert list(sure.x) == ["food", "kitchen", "toys"]
    assert list(sure.y) == ["food", "kitchen", "toys", "all others"]
    coloured = [(row, column) for row, column in np.argwhere(np.isfinite(sure.z)).tolist()]
    assert coloured == [(0, 1), (0, 2), (1, 0), (3, 1)]
    assert sure.z[1][0] == np.log2(1.5)
    assert sure.z[0][2] < 0
    assert np.isfinite(unsure.z).sum() == 5


def test_cells_hold_ratio_interval_or_the_number_of_people() -> None:
    figure = transfer_chart(transfer())
    text = {(note.y, note.x): note.text for note in figure.layout.annotations}
    assert text[1, 0].startswith("<b>1.50</b><br>")
    assert "1.20–1.90" in text[1, 0]
    assert "12 people" in text[2, 0]
    assert len(text) == 9
    assert figure.layout.annotations[0].font.color == "#FFFFFF"  # on the darkest blue


def test_many_domains_leave_room_for_the_ratio_only() -> None:
    names = tuple("abcdefgh")
    many = [
        Direction((one,), other, 500, 100, "gain", 1.44, 1.2, 1.8, 0.001, 0.001)
        for other in names
        for one in names
        if one != other
    ]
    figure = transfer_chart(TransferMatrix(names, (0,), tuple(many)))
    assert {note.text for note in figure.layout.annotations} == {"<b>1.4</b>"}
