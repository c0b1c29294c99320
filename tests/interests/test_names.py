import numpy as np

from recsys_core.interests.names import name_clusters
from recsys_core.interests.vocabulary import read_vocabulary


def _names(titles: list[str], labels: list[int], texts: list[str] | None = None) -> list[str]:
    vocabulary = read_vocabulary(titles, texts or titles)
    return [n.name for n in name_clusters(vocabulary, np.array(labels), max(labels) + 1)]


def test_each_cluster_is_named_by_what_sets_it_apart() -> None:
    titles = ["Dark espresso", "Light espresso", "Espresso", "Copper skillet", "Iron skillets", "Skillet"]
    assert _names(titles, [0, 0, 0, 1, 1, 1]) == ["Espresso", "Skillet"]


def test_a_word_mostly_met_in_a_pair_gives_way_to_the_pair() -> None:
    titles = ["Acme slow cooker", "Bree slow cooker", "Crab soup", "Dill soup", "Rye bread", "Oat bread"]
    assert _names(titles, [0, 0, 0, 0, 1, 1])[0] == "Slow Cooker, Soup"


def test_words_that_open_titles_lose_to_words_that_do_not() -> None:
    titles = ["Wilton rolling pin", "Wilton cake pan", "Wilton cake dome", "Red wagon", "Toy wagon", "Wagon"]
    assert _names(titles, [0, 0, 0, 1, 1, 1])[0] == "Cake"


def test_no_two_clusters_share_a_name() -> None:
    assert _names(["Tea", "Teas", "Tea", "Tea"], [0, 0, 1, 1]) == ["Tea", "Tea 2"]


def test_clusters_without_words_are_mixed() -> None:
    assert _names(["", "12", "7oz", ""], [0, 0, 1, 1]) == ["Mixed", "Mixed 2"]


def test_items_of_no_cluster_are_not_counted() -> None:
    assert _names(["Hot tea", "Cold tea", "Lamp", "Lamp"], [0, 0, -1, -1]) == ["Tea"]


def test_chinese_titles_give_whole_words() -> None:
    titles = ["手冲咖啡壶", "意式咖啡豆", "速溶咖啡粉", "不锈钢炒锅", "铸铁炒锅盖", "无油烟炒锅"]
    assert _names(titles, [0, 0, 0, 1, 1, 1]) == ["咖啡", "炒锅"]


def test_japanese_titles_give_whole_words() -> None:
    titles = ["コーヒーの豆", "深煎りコーヒー", "抹茶のケーキ", "チーズとケーキ"]
    assert _names(titles, [0, 0, 1, 1]) == ["コーヒー", "ケーキ"]


def test_the_title_weighs_more_than_the_text() -> None:
    titles = ["Lamp", "Lamp", "Vase", "Vase"]
    texts = ["bronze", "bronze", "bronze", "clay"]
    assert _names(titles, [0, 0, 1, 1], texts) == ["Lamp, Bronze", "Vase"]
