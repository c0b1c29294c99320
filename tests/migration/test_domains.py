import numpy as np

from recsys_core.migration.domains import no_crossings, tag_interests

ROWS = [("ann", "2013-01-05", 0, 0), ("ann", "2013-02-05", 1, 1)]


def tags_of(worlds, domains):
    dataset = worlds.dataset(ROWS, domains=domains)
    interests = worlds.interests(dataset)
    return tag_interests(dataset, interests.item_interest[0], interests.centroids.astype(float))


def test_each_interest_is_told_apart_by_domain(worlds):
    tags = tags_of(worlds, ("books", "films"))
    assert tags.domain.tolist() == [0] * 5 + [1] * 5
    assert tags.interest.tolist() == [0, 1, 2, 3, 4] * 2
    assert tags.item_tag.tolist() == np.repeat(np.arange(10), 3).tolist()


def test_changing_only_the_domain_is_the_cheapest_move_and_costs_something(worlds):
    cost = tags_of(worlds, ("books", "films")).cost
    off = cost[~np.eye(10, dtype=bool)]
    assert cost[0, 5] == off.min() > 0
    assert (cost[:, None, :] <= cost[:, :, None] + cost[None, :, :] + 1e-12).all()  # a metric


def test_one_domain_has_no_crossings(worlds):
    assert tags_of(worlds, ("shop",)) is None
    assert list(no_crossings().columns[:6]) == [
        "from_window",
        "to_window",
        "from_domain",
        "to_domain",
        "from_interest",
        "to_interest",
    ]
