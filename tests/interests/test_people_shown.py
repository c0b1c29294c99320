"""Everybody has a place on the map, unless they are too many."""

import numpy as np
import pytest

from recsys_core.interests import people_shown
from recsys_core.interests.people_shown import people_on_map
from tests.catalogue.test_dataset import SHOP


def test_a_few_all_have_a_place() -> None:
    assert people_on_map(SHOP, np.random.default_rng(0)) is SHOP


def test_of_many_the_same_sample_with_all_its_events(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people_shown, "MOST_PEOPLE", 2)
    found = people_on_map(SHOP, np.random.default_rng(0))
    users = np.unique(found.user)
    assert len(users) == 2
    assert found.n_events == np.isin(SHOP.user, users).sum()
    assert people_on_map(SHOP, np.random.default_rng(0)).user.tolist() == found.user.tolist()
