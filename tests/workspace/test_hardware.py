from pathlib import Path

import pytest

from recsys_core.workspace.hardware import device_name, processor_name

pytestmark = pytest.mark.one_database  # opens no catalogue


def test_the_processor_is_called_as_linux_calls_it(tmp_path: Path) -> None:
    listed = tmp_path / "cpuinfo"
    listed.write_text("processor\t: 0\nmodel name\t: Fast One 3000\nmodel name\t: Fast One 3000\n")

    assert processor_name(listed) == "Fast One 3000"


def test_a_processor_without_a_name_is_called_by_its_kind(tmp_path: Path) -> None:
    assert processor_name(tmp_path / "missing")


def test_training_on_the_processor_names_the_processor() -> None:
    assert device_name("cpu") == processor_name()
