import numpy as np
import pytest

from recsys_core.catalogue.history import History
from recsys_core.errors import InputError
from recsys_core.recommend.profile import Profile
from recsys_core.recommend.what_if import DAY, WhatIf

DOMAIN = np.array([0, 0, 1, 1])
INTEREST = np.array([7, 8, 7, 8])


def _person() -> Profile:
    """Took items 0, 1 and 2, ten days apart."""
    times = np.array([0, 10, 20], np.int64) * DAY
    return Profile(History(np.arange(3), times, np.ones(3, np.float32)))


def _counts(what_if: WhatIf) -> dict[int, float]:
    person = what_if.person(_person(), DOMAIN, INTEREST)
    return dict(zip(person.history.items.tolist(), person.counts.round(4).tolist(), strict=True))


def test_at_rest_nothing_changes() -> None:
    assert WhatIf().is_plain
    assert _counts(WhatIf()) == {0: 1, 1: 1, 2: 1}


def test_an_item_taken_out_is_gone() -> None:
    assert _counts(WhatIf(without=(1,))) == {0: 1, 2: 1}


def test_domains_and_interests_weigh() -> None:
    assert _counts(WhatIf(domains={0: 0.5}, interests={8: 2})) == {0: 0.5, 1: 1, 2: 1}
    assert _counts(WhatIf(domains={1: 0})) == {0: 1, 1: 1}


def test_older_events_count_less() -> None:
    assert _counts(WhatIf(half_life=10)) == {0: 0.25, 1: 0.5, 2: 1}


def test_what_is_liked_joins_the_history_with_three_quarters_of_its_weight() -> None:
    assert _counts(WhatIf(liked=(3,))) == {0: 1, 1: 1, 2: 1, 3: 2.25}
    alone = WhatIf(liked=(3,)).person(Profile.nothing(), DOMAIN)
    assert alone.history.items.tolist() == [3]


def test_what_is_disliked_is_no_part_of_the_person() -> None:
    assert _counts(WhatIf(disliked=(0,))) == {1: 1, 2: 1}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"diversity": 1.5}, "Diversity was set to 1.5. Give a number between 0 and 1."),
        ({"domains": {0: 3.0}}, "Weight of domains was set to 3.0. Give a number between 0 and 2."),
        ({"half_life": 0.0}, "A half-life of 0.0 days was asked for. Give more than 0."),
    ],
)
def test_what_is_out_of_range_is_refused(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        WhatIf(**wrong)  # type: ignore[arg-type]
