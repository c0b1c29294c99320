import io
import zipfile
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.places import MIGRATION
from recsys_core import pipeline
from recsys_core.jobs.kinds import kind_named
from recsys_core.jobs.ledger import Ledger
from recsys_core.progress import Silent
from recsys_core.release.terms import Terms
from recsys_core.workspace.publishing import release_archive, release_files
from recsys_core.workspace.records import DatasetInfo
from recsys_core.workspace.workspace import Workspace
from tests.pages.found import save_found

Open = Callable[..., AppTest]
Text = Callable[[AppTest], str]


def test_what_epsilon_means_and_blurs_is_said_before_it_is_spent(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text
) -> None:
    save_found(ws, shop)
    at = open_page(MIGRATION, by="month")
    assert "at most 2.7 times as likely as without them" in text_of(at)
    assert "up to 30 points in a window of 100 people, 3 points in a window of 1,000, 0.3" in text_of(at)
    assert "Spent of this dataset so far: ε = 0 of 4." in text_of(at)
    at.number_input(key="epsilon").set_value(2.0).run()
    assert "15 points in a window of 100 people" in text_of(at)
    at.button(key="start-release").click().run()
    (job,) = Ledger(ws).jobs(10)
    assert (job.kind, job.params) == (
        "release",
        {
            **{"dataset": "shop", "version": 1, "run": None, "epsilon": 2.0},
            **{"window": "month", "level": 0, "most_windows": 4},
        },
    )
    assert kind_named("release").work(ws, job.params, Silent()).document["epsilon"] == 2


def test_what_was_published_can_be_had_again_and_more_than_is_left_cannot(
    ws: Workspace, shop: DatasetInfo, open_page: Open, text_of: Text, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRIFTMAP_EPSILON_CAP", "1.5")
    save_found(ws, shop)
    pipeline.release(ws, "shop", Terms(1.0, "month"))
    at = open_page(MIGRATION, by="month")
    (download,) = (one for one in at.get("download_button") if "Published on" in one.proto.label)
    assert download.proto.label.endswith("for ε = 1, by month")
    assert "Only ε = 0.5 is left of this dataset, less than 1." in text_of(at)
    assert not [button for button in at.button if button.key == "start-release"]


def test_the_archive_is_the_same_each_time_and_holds_the_files(ws: Workspace, shop: DatasetInfo) -> None:
    save_found(ws, shop)
    made = [pipeline.release(ws, "shop", Terms(1.0, "month")) for _ in range(2)]
    assert release_archive(made[0]) == release_archive(made[1])
    with zipfile.ZipFile(io.BytesIO(release_archive(made[0]))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == release_files(made[0])
