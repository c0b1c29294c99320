from dataclasses import replace

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recsys_core.release.sums import UNITS, in_units
from recsys_core.release.terms import FLOWS, PEOPLE, SHARES, Terms

EVENT = st.tuples(st.integers(1, 12), st.integers(1, 28), st.integers(0, 4), st.integers(0, 5))
PERSON = st.tuples(st.lists(EVENT, min_size=1, max_size=20), st.floats(0, 1, exclude_max=True))
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows_of(people):
    """Rows of events, sorted as a dataset sorts them, and each person's chance."""
    rows = [
        (f"u{at:02d}", f"2013-{month:02d}-{day:02d}", interest, which)
        for at, (events, _) in enumerate(people)
        for month, day, interest, which in events
    ]
    return rows, [chance for _, chance in people]


def distances(one, other):
    """L1 between sums, table by table."""
    return {
        PEOPLE: int(np.abs(one.people - other.people).sum()),
        SHARES: int(np.abs(one.shares - other.shares).sum()),
        FLOWS: int(np.abs(one.flows - other.flows).sum()),
    }


@SLOW
@given(people=st.lists(PERSON, min_size=2, max_size=6), most=st.integers(2, 5))
def test_removing_any_one_person_changes_no_table_by_more_than_its_sensitivity(worlds, summed, people, most):
    terms, (rows, chance) = Terms(1, most_windows=most), rows_of(people)
    dataset = worlds.dataset(rows)
    everybody = summed(dataset, most, chance)
    for gone in range(len(people)):
        others = dataset.select_events(dataset.user != gone)
        change = distances(everybody, summed(others, most, chance))
        assert change[PEOPLE] <= terms.sensitivity(PEOPLE)
        assert change[SHARES] <= terms.sensitivity(SHARES) * UNITS
        assert change[FLOWS] <= terms.sensitivity(FLOWS) * UNITS


def test_the_bound_is_reached_by_who_is_there_all_year(worlds, summed):
    year = [("ann", f"2013-{month:02d}-05", month % 5, 0) for month in range(1, 13)]
    sums = summed(worlds.dataset(year), 4, [0.5])
    assert (sums.people.sum(), sums.shares.sum(), sums.flows.sum()) == (4, 4 * UNITS, 3 * UNITS)


def test_weights_of_nothing_count_by_the_same_persons_weights_only(worlds, summed):
    # Were an event of weight 0 counted by the mean of everybody, bob's great weights would move ann's mix.
    ann = [("ann", "2013-01-05", 0, 0), ("ann", "2013-01-06", 1, 0)]
    dataset = worlds.dataset([*ann, ("bob", "2013-06-05", 2, 0)])
    dataset = replace(dataset, weight=np.array([1, 0, 1e6], np.float32))
    alone = summed(dataset.select_events(dataset.user == 0), 2, [0.0, 0.0])
    both = summed(dataset, 2, [0.0, 0.0])
    assert (both.shares[0] == alone.shares[0]).all()


def test_windows_in_a_row_are_kept_where_chance_says(worlds, summed):
    year = worlds.dataset([("ann", f"2013-{month:02d}-05", 0, 0) for month in range(1, 13)])
    begins = [int(summed(year, 4, [chance]).people.argmax()) for chance in (0.0, 0.5, 0.999)]
    assert begins == [0, 4, 8]


def test_who_moves_counts_in_the_flow_and_who_is_away_a_month_does_not(worlds, summed):
    moves = [("ann", "2013-01-05", 0, 0), ("ann", "2013-02-05", 3, 0), ("ann", "2013-04-05", 3, 0)]
    sums = summed(worlds.dataset(moves), 4, [0.0])
    assert sums.flows[0, 0, 3] == sums.flows.sum() == UNITS
    assert sums.people.tolist() == [1, 1, 0, 1, *[0] * 8]


def test_units_never_add_up_to_more_than_one_person():
    shares = np.random.default_rng(0).dirichlet(np.full(7, 0.3), 5000)
    shares /= shares.sum(axis=1, keepdims=True)
    assert in_units(shares).sum(axis=1).max() <= UNITS
    assert in_units(np.array([[1.0, 0.0], [0.5, 0.5]])).tolist() == [[UNITS, 0], [UNITS // 2, UNITS // 2]]
