"""What a job needs stands above its button where that is much."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import ATLAS
from recsys_core.workspace.records import DatasetInfo


def test_little_is_not_told(open_page: Callable[..., AppTest], shop: DatasetInfo) -> None:
    at = open_page(ATLAS, dataset=shop.name)
    assert not at.warning
    assert not [one for one in at.caption if "of one processor" in one.value]
    assert at.button(key="start-interests")


def test_what_takes_long_says_so_before_the_button(
    open_page: Callable[..., AppTest], shop: DatasetInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recsys_core.needs.LONG_SECONDS", 1.0)
    at = open_page(ATLAS, dataset=shop.name)
    (told,) = (one.value for one in at.caption if "of one processor" in one.value)
    assert f"{shop.n_users:,} users" in told
    assert "use a larger machine" in told


def test_what_does_not_fit_is_a_warning(
    open_page: Callable[..., AppTest], shop: DatasetInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Memory:
        available = 1_000_000

    monkeypatch.setattr("recsys_core.needs.psutil.virtual_memory", Memory)
    at = open_page(ATLAS, dataset=shop.name)
    assert "Finding interests would take about" in at.warning[0].value
