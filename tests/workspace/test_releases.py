import pytest

from recsys_core.errors import InputError
from recsys_core.workspace.releases import Budget, budget, charge, load_release, releases


@pytest.fixture
def info(ws, log, items):
    return ws.save_dataset("shop", log, items, {})


@pytest.mark.usefixtures("info")
def test_nothing_is_spent_at_first_and_the_cap_is_told(ws):
    assert budget(ws, "shop") == Budget(0, 4000)
    assert budget(ws, "shop").told() == {"spent": 0, "cap": 4, "left": 4}


def test_what_is_spent_adds_up_over_versions_and_is_refused_beyond_the_cap(ws, info, log, items, monkeypatch):
    monkeypatch.setenv("DRIFTMAP_EPSILON_CAP", "0.3")
    for number in range(2):
        charge(ws, info, None, f"key {number}", 100)
    newer = ws.save_dataset("shop", log.head(2), items, {})
    charge(ws, newer, "run-1", "key 2", 100)
    assert budget(ws, "shop") == Budget(300, 300)
    with pytest.raises(InputError, match=r"ε = 0\.001 is more than is left .*: 0\.3 of 0\.3 are spent"):
        charge(ws, newer, None, "key 3", 1)
    assert [(one.version, one.run_id, one.epsilon) for one in releases(ws, "shop")] == [
        (1, None, 0.1),
        (1, None, 0.1),
        (2, "run-1", 0.1),
    ]


def test_the_same_content_under_another_name_has_the_same_budget(ws, info, log, items):
    charge(ws, info, None, "key", 1500)
    ws.save_dataset("copy", log, items, {})
    ws.save_dataset("other", log.head(1), items, {})
    assert (budget(ws, "copy").spent, budget(ws, "other").spent) == (1500, 0)


def test_deleting_the_dataset_gives_nothing_back(ws, info, log, items):
    charge(ws, info, None, "key", 1500)
    ws.delete_dataset("shop")
    ws.save_dataset("shop", log.head(1), items, {})
    assert budget(ws, "shop").spent == 1500


def test_nothing_that_was_not_published_is_loaded(ws, info):
    charge(ws, info, None, "key", 1)  # killed right after
    assert load_release(ws, "shop", 1, None, "key") is None
