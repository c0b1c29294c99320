"""A fine-tune that learns from what was said of recommended titles."""

from pathlib import Path

from recsys_core import pipeline
from recsys_core.pipeline import FinetuneOptions
from recsys_core.training.trained_model import TrainedModel
from recsys_core.workspace.feedback import keep_feedback, person_of
from recsys_core.workspace.workspace import Workspace
from tests.pages.conftest import save_shop


def test_what_was_said_changes_the_model_and_is_named_by_the_run(tmp_path: Path) -> None:
    ws = Workspace.open(tmp_path / "workspace")
    save_shop(ws)
    for user in range(0, 60, 2):
        keep_feedback(ws, "shop", person_of(ws, "shop", f"u{user:02}"), "kitchen", "k3", True)
    options = FinetuneOptions(mode="head", epochs=1)

    plain = pipeline.finetune(ws, "shop", options)
    told = pipeline.finetune(ws, "shop", FinetuneOptions(mode="head", epochs=1, with_feedback=True))

    assert "with_feedback" not in plain.options
    assert (told.options["with_feedback"], len(told.options["feedback"])) == (True, 16)
    row = ws.load_dataset("shop").items["item_id"].tolist().index("k3")
    before, after = (TrainedModel.load(run.folder).item_prior[row] for run in (plain, told))
    assert after > before  # more people took it
