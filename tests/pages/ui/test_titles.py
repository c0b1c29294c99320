import numpy as np

from pages.ui.atlas_selection import people_of
from pages.ui.people import worth_seeing
from pages.ui.profiles import newcomers
from pages.ui.titles import find_titles
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import migration


def test_titles_are_found_by_every_word_most_used_first(ws: Workspace, shop: DatasetInfo) -> None:
    dataset = ws.load_dataset(shop.name)

    assert find_titles(dataset, "POT").tolist() == [5, 6, 7, 8]
    assert find_titles(dataset, "tea 3").tolist() == [3]
    assert find_titles(dataset, "tea", most=2).tolist() == [0, 1]
    assert find_titles(dataset, "  ").tolist() == []


def test_who_changed_most_comes_first_and_newcomers_know_nothing_of_the_target(
    ws: Workspace, shop: DatasetInfo
) -> None:
    dataset = ws.load_dataset(shop.name)

    assert worth_seeing(dataset, migration()).tolist() == [0, 1]
    assert newcomers(dataset, dataset.domain_index("kitchen"))[:5].tolist() == [55, 56, 57, 58, 59]


def test_in_a_cohort_the_others_come_after_those_who_moved_or_are_new(
    ws: Workspace, shop: DatasetInfo
) -> None:
    dataset = ws.load_dataset(shop.name)
    cohort = np.array([1, 7, 58])
    assert worth_seeing(dataset, migration(), among=cohort).tolist() == [1, 7, 58]
    assert worth_seeing(dataset, None, among=cohort).tolist() == [1, 7, 58]
    assert newcomers(dataset, dataset.domain_index("kitchen"), among=cohort).tolist() == [58, 1, 7]


def test_titles_stand_for_the_people_who_took_any_of_them(ws: Workspace, shop: DatasetInfo) -> None:
    dataset = ws.load_dataset(shop.name)
    assert people_of("titles", dataset, np.array([5])).tolist() == list(range(0, 55, 4))  # Pot 0
    assert people_of("titles", dataset, np.array([5, 6])).tolist() == [u for u in range(55) if u % 4 < 2]
    assert people_of("people", dataset, np.array([3, 9])).tolist() == [3, 9]
