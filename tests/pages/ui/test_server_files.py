from pathlib import Path

import pytest

from pages.ui.server_files import path_of, server_files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shared = tmp_path / "shared"
    (shared / "2024").mkdir(parents=True)
    (shared / "2024" / "may.csv").write_text("12345")
    (shared / "all.csv").write_text("1")
    (shared / ".secret.csv").write_text("1")
    (tmp_path / "outside.csv").write_text("1")
    (shared / "leads_out.csv").symlink_to(tmp_path / "outside.csv")
    (shared / "leads_in.csv").symlink_to(shared / "all.csv")
    (shared / "folder_out").symlink_to(tmp_path)
    return shared


def test_files_are_listed_with_their_sizes(folder: Path) -> None:
    assert [(file.name, file.size) for file in server_files(folder)] == [
        ("2024/may.csv", 5),
        ("all.csv", 1),
        ("leads_in.csv", 1),
    ]


@pytest.mark.parametrize(
    "name",
    ["../outside.csv", "leads_out.csv", "folder_out/outside.csv", "/etc/passwd", "2024", "none.csv", "a\0"],
)
def test_nothing_outside_the_folder_is_found(folder: Path, name: str) -> None:
    assert path_of(folder, name) is None


def test_a_file_is_found_where_it_lies(folder: Path) -> None:
    assert path_of(folder, "2024/may.csv") == folder / "2024" / "may.csv"
    assert path_of(folder, "leads_in.csv") == folder / "all.csv"
