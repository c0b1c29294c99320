import pytest

from recsys_core.errors import InputError
from recsys_core.release.terms import BUDGET, FLOWS, PEOPLE, SHARES, Terms


def test_the_tables_take_the_whole_of_epsilon_and_no_more():
    assert sum(Terms(0.7).epsilon_of(table) for table in BUDGET) == pytest.approx(0.7)
    assert Terms(1).epsilon_of(PEOPLE) == 0.2


def test_a_person_has_one_step_less_than_windows():
    terms = Terms(1, most_windows=6)
    assert [terms.sensitivity(table) for table in (PEOPLE, SHARES, FLOWS)] == [6, 6, 5]


@pytest.mark.parametrize("epsilon", [0, -1, 0.0004, 0.1234, float("nan"), float("inf")])
def test_an_epsilon_that_cannot_be_counted_is_refused(epsilon):
    with pytest.raises(InputError, match=r"steps of 0\.001"):
        Terms(epsilon)


def test_one_window_of_a_person_is_too_few():
    with pytest.raises(InputError, match="no flow"):
        Terms(1, most_windows=1)


def test_tenths_add_up_exactly():
    assert sum(Terms(0.1).thousandths for _ in range(3)) == Terms(0.3).thousandths
