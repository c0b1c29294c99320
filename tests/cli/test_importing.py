import json

import pytest

from recsys_core.cli.importing import split_map
from recsys_core.errors import InputError


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.csv"
    rows = [f"u{n},i{n % 7},2024-01-{n + 1:02d}" for n in range(25)]
    path.write_text("\n".join(["who,what,when", *rows]) + "\n")
    return path


MAP = ["--map", "user=who", "item=what", "time=when"]


def test_import_makes_versions_and_tells_what_it_read(driftmap, log):
    code, out, err = driftmap("import", log, "--dataset", "shop", "--domain", "food", *MAP, "--json")
    assert code == 0, out
    told = json.loads(out)
    counts = {name: told[name] for name in ("dataset", "version", "n_users", "n_items", "n_kept", "n_bad")}
    assert counts == {"dataset": "shop", "version": 1, "n_users": 25, "n_items": 7, "n_kept": 25, "n_bad": 0}
    assert "Saving" in err
    code, out, _ = driftmap("import", log, "--dataset", "shop", "--domain", "kitchen", *MAP)
    assert code == 0
    assert out.startswith("Imported shop, version 2: 25 of 25 rows.")
    assert "25 users are in both food and kitchen." in out


def test_people_are_imported_beside_a_log(driftmap, log, tmp_path):
    people = tmp_path / "members.csv"
    people.write_text("nr,sex\n" + "".join(f"u{n},{'FM'[n % 2]}\n" for n in range(25)))
    command = ("import", log, "--dataset", "shop", "--domain", "food", *MAP, "people.user=nr")
    code, out, _ = driftmap(*command, "--people", people, "--json")
    assert code == 0, out
    assert "25 of 25 users have attributes: sex." in json.loads(out)["notes"]


def test_an_import_is_a_job_of_the_ledger(driftmap, log):
    driftmap("import", log, "--dataset", "shop", "--domain", "food", *MAP)
    _, out, _ = driftmap("jobs", "ls", "--json")
    [job] = json.loads(out)["jobs"]
    assert (job["kind"], job["status"], job["dataset"], job["result"]["version"]) == (
        "import",
        "finished",
        "shop",
        1,
    )


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nothing.csv"], "nothing.csv"),
        (["log.csv", "--map", "user=nobody"], "nobody"),
        (["log.csv", "--map", "cook=who"], "cook"),
        (["log.csv", "--map", "user"], "user"),
        (["log.csv", "--format", "mind"], "looks like csv"),
        (["log.csv", "--zone", "Mars/Base"], "Mars/Base"),
        (["log.csv", "--event", "view"], "view"),
    ],
)
def test_bad_input_is_a_sentence_and_exits_2(driftmap, arguments, word):
    code, out, _ = driftmap("import", *arguments, "--dataset", "shop", "--domain", "food", "--json")
    assert code == 2
    assert word in json.loads(out)["error"]
    _, out, _ = driftmap("migrate", "--dataset", "shop", "--json")
    assert "There is no dataset 'shop'" in out or "There is no workspace" in out


def test_title_and_text_speak_of_the_items_where_there_is_such_a_file():
    pairs = ["user=u", "title=t", "items.item=id", "people.user=member"]
    assert split_map(pairs, with_items=True) == (
        {"user": "u"},
        {"title": "t", "item": "id"},
        {"user": "member"},
    )
    assert split_map(["title=t"], with_items=False) == ({"title": "t"}, None, None)
    assert split_map([], with_items=True) == (None, None, None)


def test_an_unknown_role_is_refused():
    with pytest.raises(InputError, match="cook"):
        split_map(["cook=c"], with_items=False)
