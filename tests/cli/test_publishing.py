import json

import pytest

from tests.pages.conftest import save_shop
from tests.pages.found import interests


@pytest.fixture
def shop(ws):
    save_shop(ws)
    ws.save_result("interests", "shop", 1, None, interests().parts())
    return ws


@pytest.mark.usefixtures("shop")
def test_a_release_is_written_and_told_with_what_is_spent(driftmap, tmp_path):
    given = ("release", "--dataset", "shop", "--epsilon", "1.5", "--window", "month", "--out")
    code, out, _ = driftmap(*given, tmp_path / "one", "--json")
    document = json.loads(out)
    assert code == 0
    assert (document["epsilon"], document["delta"], document["k"]) == (1.5, 0, 10)
    assert document["budget"] == {"spent": 1.5, "cap": 4.0, "left": 2.5}
    code, out, _ = driftmap(*given, tmp_path / "two")
    assert code == 0
    assert out.splitlines()[1] == "Spent of this dataset so far: ε = 1.5 of 4."
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.usefixtures("shop")
def test_beyond_the_cap_is_a_sentence(driftmap, tmp_path):
    code, out, _ = driftmap(
        "release", "--dataset", "shop", "--epsilon", "9", "--out", tmp_path / "x", "--json"
    )
    assert code == 2
    assert json.loads(out)["error"] == "ε = 9 is more than is left of 'shop': 0 of 4 are spent."
    assert not (tmp_path / "x").exists()
