from pathlib import Path

import pandas as pd
import pytest

from recsys_core.errors import InputError, NotEnoughDataError
from recsys_core.logs.reading import LogFormat, Reading
from recsys_core.workspace.imports import import_logs, preview_import
from recsys_core.workspace.requests import ImportRequest
from recsys_core.workspace.workspace import Workspace


def write_log(path: Path, users: range, items: str = "xy", day: str = "2013-06-01") -> Path:
    rows = [f"u{user:02},{item},{day}" for user in users for item in items]
    path.write_text("\n".join(["user_id,item_id,time", *rows]) + "\n")
    return path


def write_items(path: Path, **titles: str) -> Path:
    path.write_text(
        "\n".join(["item_id,title", *(f"{item},{title}" for item, title in titles.items())]) + "\n"
    )
    return path


def nothing_was_left(ws: Workspace) -> bool:
    left = [path for name in ("datasets", "imports") for path in (ws.root / name).glob("*")]
    return ws.datasets() == [] and left == []


def test_a_log_and_its_items(ws: Workspace, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tea.csv", range(20))
    items = write_items(tmp_path / "tea_items.csv", x="Sen&amp;cha", z="Never bought")
    report = import_logs(ws, ImportRequest.of("shop", (log,), items=(items,)))
    assert (report.n_read, report.n_kept, report.n_bad, report.n_repeats) == (40, 40, 0, 0)
    assert (report.info.n_users, report.info.n_items, report.info.domains) == (20, 3, ("tea",))
    assert report.quarantine is None
    assert report.notes == (
        "The times of tea.csv were read as ISO 8601.",
        "The times of tea.csv name no time zone and were taken for UTC; choose another where it is.",
        "1 of 2 items in the log of tea have no title or text.",
        "1 item of tea is in no event; it is kept, as an item nobody has touched.",
    )
    assert ws.load_dataset("shop").items["title"].tolist() == ["Sen&cha", "", "Never bought"]
    source = report.info.manifest["sources"][0]
    assert source["file"] == "tea.csv"
    assert source["roles"] == {"user": "user_id", "item": "item_id", "time": "time"}
    assert len(source["sha256"]) == 64
    assert list((ws.root / "imports").iterdir()) == []


def test_items_among_the_files_are_found(ws: Workspace, tmp_path: Path) -> None:
    files = (
        write_log(tmp_path / "tea.csv", range(20)),
        write_items(tmp_path / "tea_items.csv", x="Sencha"),
        write_log(tmp_path / "jam.csv", range(10, 30)),
        write_items(tmp_path / "jam_items.csv", x="Plum"),
    )
    report = import_logs(ws, ImportRequest.of("shop", files))
    assert report.info.domains == ("jam", "tea")
    assert report.overlap.to_dict("records") == [{"domain_a": "jam", "domain_b": "tea", "n_users": 10}]
    items = ws.load_dataset("shop").items
    assert items[["domain", "item_id", "title"]].to_numpy().tolist() == [
        ["jam", "x", "Plum"],
        ["jam", "y", ""],
        ["tea", "x", "Sencha"],
        ["tea", "y", ""],
    ]


def test_another_domain_is_added(ws: Workspace, tmp_path: Path) -> None:
    tea, jam = (write_log(tmp_path / f"{name}.csv", range(20)) for name in ("tea", "jam"))
    titles = write_items(tmp_path / "items.csv", x="Sencha")
    import_logs(ws, ImportRequest.of("shop", (tea,), items=(titles,)))
    report = import_logs(ws, ImportRequest.of("shop", (jam,), domain="jams"))
    assert (report.info.version, report.info.domains, report.info.n_events) == (2, ("jams", "tea"), 80)
    assert ws.load_dataset("shop").items["title"].tolist() == ["", "", "Sencha", ""]
    assert ws.dataset("shop", 1).n_events == 40


def test_the_same_domain_is_replaced_and_keeps_its_titles(ws: Workspace, tmp_path: Path) -> None:
    titles = write_items(tmp_path / "items.csv", x="Sencha")
    first = ImportRequest.of("shop", (write_log(tmp_path / "tea.csv", range(20)),), items=(titles,))
    import_logs(ws, first)
    second = ImportRequest.of("shop", (write_log(tmp_path / "new.csv", range(30), "x"),), domain="tea")
    report = import_logs(ws, second)
    assert (report.info.version, report.info.n_events, report.info.domains) == (2, 30, ("tea",))
    assert ws.load_dataset("shop").items["title"].tolist() == ["Sencha"]


def test_the_same_domain_is_appended_to_without_repeats(ws: Workspace, tmp_path: Path) -> None:
    tea = write_log(tmp_path / "tea.csv", range(20))
    import_logs(ws, ImportRequest.of("shop", (tea,)))
    more = write_log(tmp_path / "more.csv", range(15, 25))
    report = import_logs(ws, ImportRequest.of("shop", (more,), domain="tea", append=True))
    assert (report.info.n_events, report.info.n_users) == (50, 25)
    assert "10 rows were already in the dataset and were not added again." in report.notes


def test_the_same_import_gives_the_same_hash(ws: Workspace, tmp_path: Path) -> None:
    request = ImportRequest.of("shop", (write_log(tmp_path / "tea.csv", range(20)),))
    assert import_logs(ws, request).info.hash == import_logs(ws, request).info.hash


def test_a_domain_column_and_titles_in_the_log(ws: Workspace, tmp_path: Path) -> None:
    rows = [
        f"u{user:02},{domain}1,2013-06-01,{domain},The {domain}"
        for user in range(20)
        for domain in ("a", "b")
    ]
    log = tmp_path / "log.csv"
    log.write_text("\n".join(["user,item,time,domain,title", *rows]) + "\n")
    report = import_logs(ws, ImportRequest.of("shop", (log,)))
    assert report.info.domains == ("a", "b")
    assert ws.load_dataset("shop").items["title"].tolist() == ["The a", "The b"]
    one = import_logs(ws, ImportRequest.of("one", (log,), domain="all"))
    assert one.info.domains == ("all",)


def test_bad_rows_are_kept_beside_the_dataset(ws: Workspace, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tea.csv", range(20))
    with log.open("a") as file:
        file.write("u99,x,soon\n")
    report = import_logs(ws, ImportRequest.of("shop", (log,)))
    assert (report.n_read, report.n_kept, report.n_bad, report.reasons) == (41, 40, 1, {"not a time": 1})
    assert report.quarantine == report.info.folder / "quarantine.parquet"
    assert pd.read_parquet(report.quarantine).to_dict("records") == [
        {
            "file": "tea.csv",
            "line": 42,
            "column": "time",
            "value": "soon",
            "reason": "not a time",
            "text": "u99,x,soon",
        }
    ]


def test_no_shared_user_is_a_note(ws: Workspace, tmp_path: Path) -> None:
    files = (write_log(tmp_path / "tea.csv", range(20)), write_log(tmp_path / "jam.csv", range(30, 50)))
    report = import_logs(ws, ImportRequest.of("shop", files))
    assert report.notes[-1].startswith("No user appears in more than one domain")


def test_pseudonyms(ws: Workspace, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tea.csv", range(20))
    import_logs(ws, ImportRequest.of("shop", (log,), pseudonymise=True))
    dataset = ws.load_dataset("shop")
    assert all(user.startswith("u") and len(user) == 21 for user in dataset.user_ids)
    with pytest.raises(InputError, match=r"holds pseudonyms, .* Import with pseudonyms"):
        import_logs(ws, ImportRequest.of("shop", (log,)))


def test_a_preview_saves_nothing(ws: Workspace, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tea.csv", range(20))
    preview = preview_import(ws, ImportRequest.of("shop", (log,)))
    assert preview.first["user_id"].tolist()[:3] == ["u00", "u00", "u01"]
    assert len(preview.first) == 20
    assert preview.domains[["domain", "n_events", "n_users", "n_items"]].to_dict("records") == [
        {"domain": "tea", "n_events": 40, "n_users": 20, "n_items": 2}
    ]
    assert (preview.n_read, preview.n_kept, preview.problem) == (40, 40, "")
    assert nothing_was_left(ws)


def test_a_preview_tells_why_an_import_would_be_refused(ws: Workspace, tmp_path: Path) -> None:
    preview = preview_import(ws, ImportRequest.of("shop", (write_log(tmp_path / "tea.csv", range(3)),)))
    assert preview.problem.startswith("The dataset would have 3 users; at least 20 are needed.")


def test_too_few_users(ws: Workspace, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tea.csv", range(19))
    with pytest.raises(NotEnoughDataError, match="The dataset would have 19 users; at least 20 are needed"):
        import_logs(ws, ImportRequest.of("shop", (log,)))
    assert nothing_was_left(ws)


def test_too_many_bad_rows(ws: Workspace, tmp_path: Path) -> None:
    log = write_log(tmp_path / "tea.csv", range(20))
    with log.open("a") as file:
        file.write("u1,,2013-06-01\n" * 3)
    with pytest.raises(InputError, match=r"3 of 43 rows \(7\.0%\) cannot be used: 3 no item id\."):
        import_logs(ws, ImportRequest.of("shop", (log,)))
    assert nothing_was_left(ws)
    assert import_logs(ws, ImportRequest.of("shop", (log,), max_bad=0.1)).n_bad == 3


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (ImportRequest.of("shop", ()), "No log file was given"),
        (ImportRequest.of("a/b", (Path("tea.csv"),)), "'a/b' cannot name a dataset"),
        (ImportRequest.of("shop", (Path("tea.csv"),), domain="a/b"), "'a/b' cannot name a domain"),
        (ImportRequest.of("shop", (Path("nothing.csv"),)), "The file 'nothing.csv' does not exist"),
        (ImportRequest.of("shop", (Path("tea.csv"),), reading=Reading(LogFormat.MIND)), "does not exist"),
    ],
)
def test_requests_that_cannot_be_understood(ws: Workspace, request_: ImportRequest, message: str) -> None:
    with pytest.raises(InputError, match=message):
        import_logs(ws, request_)
    assert nothing_was_left(ws)


def test_a_file_without_users_is_no_log(ws: Workspace, tmp_path: Path) -> None:
    items = write_items(tmp_path / "items.csv", x="Sencha")
    with pytest.raises(InputError, match=r"no column that looks like the user\. It has: item_id, title"):
        import_logs(ws, ImportRequest.of("shop", (items,)))
