import io
import json

import pytest

from recsys_core.jobs.ledger import Ledger
from recsys_core.workspace.workspace import Workspace

ANNA = "anna-4711"


@pytest.fixture
def shop(driftmap, tmp_path):
    """A dataset of 21 users, one of them Anna with two events."""
    rows = [f"u{n:02},i{n % 7},2024-01-{n + 1:02d}" for n in range(20)]
    rows += [f"{ANNA},i1,2024-01-01", f"{ANNA},i2,2024-01-02"]
    path = tmp_path / "tea.csv"
    path.write_text("\n".join(["user_id,item_id,time", *rows]) + "\n")
    assert driftmap("import", path, "--dataset", "shop")[0] == 0
    return Workspace.open(tmp_path / "ws")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_it_tells_what_went_as_one_document(shop, driftmap):
    shop.finish_run(shop.new_run("shop", 1, {}).id, {})
    code, out, err = driftmap("forget", ANNA, "--dataset", "shop", "--json")
    assert code == 0, out
    assert json.loads(out) == {
        "dataset": "shop",
        "version": 2,
        "n_users": 20,
        "n_events": 20,
        "removed": {
            "events": 2,
            "rows_set_aside": 0,
            "rows_of_people": 0,
            "feedback": 0,
            "versions": [1],
            "results": [],
            "uploads": [],
            "texts_of_jobs": 0,
        },
        "stale": {"runs": ["run-1"], "results": []},
    }
    assert err.splitlines()[:4] == [
        "This goes for good:",
        "  2 events of this person in the newest version",
        "  version 1 of shop",
        "  models, kept but stale: run-1; fine-tune again",
    ]
    assert shop.dataset("shop").n_users == 20


def test_it_is_no_job_and_the_id_is_in_no_file(shop, driftmap):
    code, out, _ = driftmap("forget", ANNA, "--dataset", "shop")
    assert code == 0
    assert out.startswith("The person is gone. shop, version 2, holds 20 events of 20 users.")
    assert [job.kind for job in Ledger(shop).jobs()] == ["import"]
    files = [path for path in shop.root.rglob("*") if path.is_file()]
    assert [path for path in files if ANNA.encode() in path.read_bytes()] == []


def test_nobody_by_that_name_is_a_sentence(shop, driftmap):
    code, out, err = driftmap("forget", "anna", "--dataset", "shop", "--json")
    assert (code, err) == (2, "")
    assert json.loads(out)["error"] == "No version of 'shop' holds this user."
    assert [info.version for info in shop.versions("shop")] == [1]


@pytest.mark.parametrize(("answer", "code", "versions"), [("y\n", 0, [2]), ("n\n", 130, [1]), ("", 130, [1])])
def test_on_a_terminal_it_asks_first(shop, driftmap, monkeypatch, answer, code, versions):
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    ended, out, err = driftmap("forget", ANNA, "--dataset", "shop", "--json")
    assert ended == code
    assert "Remove it?" in err
    assert json.loads(out)
    assert [info.version for info in shop.versions("shop")] == versions


def test_yes_asks_nothing(shop, driftmap, monkeypatch):
    monkeypatch.setattr("sys.stdin", Terminal(""))
    code, _, err = driftmap("forget", ANNA, "--dataset", "shop", "--yes")
    assert code == 0
    assert "Remove it?" not in err
    assert [info.version for info in shop.versions("shop")] == [2]


def test_the_last_person_takes_the_dataset_along(driftmap, tmp_path, shop, log_of_one):
    shop.save_dataset("one", *log_of_one, {})
    code, out, err = driftmap("forget", ANNA, "--dataset", "one")
    assert (code, out) == (0, "Nobody is left in one, so it is gone.\n")
    assert "one as a whole with its models, since nobody else is in it" in err
    assert [info.name for info in Workspace.open(tmp_path / "ws").datasets()] == ["shop"]


@pytest.fixture
def log_of_one():
    import pandas as pd

    where = {"item_id": ["x"], "domain": ["tea"]}
    log = pd.DataFrame({"user_id": [ANNA], **where, "timestamp": pd.to_datetime(["2024-01-01"], utc=True)})
    return log, pd.DataFrame({**where, "title": [""], "text": [""]})
