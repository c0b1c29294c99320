"""Results as the rooms know them, read back from the workspace; None where there is none yet."""

from typing import Final

from recsys_core.access import Role
from recsys_core.evaluation.scorecard import Scorecard
from recsys_core.evaluation.transfer_matrix import TransferMatrix
from recsys_core.interests.points import MapPoints
from recsys_core.interests.projection import InterestMap
from recsys_core.migration.migration import Migration
from recsys_core.migration.question import Answer, Question
from recsys_core.workspace.gate import takes
from recsys_core.workspace.records import ANY, AnyValue
from recsys_core.workspace.workspace import Workspace

ANSWERS: Final = "answers"
"""The kind of result that answers a question about flows."""

TRANSFER: Final = "transfer"
"""The kind of result that holds a transfer matrix."""


@takes(Role.VIEWER, "see results")
def load_map(ws: Workspace, dataset: str, version: int, run: str | None) -> InterestMap | None:
    """The map drawn with a run (None: without one)."""
    parts = ws.load_result("map", dataset, version, run)
    return InterestMap.from_parts(parts) if parts else None


@takes(Role.VIEWER, "see results")
def load_map_points(ws: Workspace, dataset: str, version: int, run: str | None) -> MapPoints | None:
    """The full space behind the map drawn with a run (None: without one)."""
    parts = ws.load_result("map-points", dataset, version, run)
    return MapPoints.from_parts(parts) if parts else None


@takes(Role.VIEWER, "see results")
def load_migration(
    ws: Workspace, dataset: str, version: int, run: str | None, window: str, level: int
) -> Migration | None:
    """The migration measured with a run (None: without one) for a window size and level."""
    parts = ws.load_result("migration", dataset, version, run, f"{window}-{level}")
    return Migration.from_parts(parts) if parts else None


@takes(Role.VIEWER, "see results")
def load_answer(
    ws: Workspace, dataset: str, version: int, run: str | None, question: Question
) -> Answer | None:
    """The answer to a question about flows, measured with a run (None: without one)."""
    parts = ws.load_result(ANSWERS, dataset, version, run, question.key)
    return Answer.from_parts(parts) if parts else None


@takes(Role.VIEWER, "see results")
def load_scorecard(ws: Workspace, dataset: str, version: int, protocol: str, target: str) -> Scorecard | None:
    """The newest scorecard of a protocol and target, with whichever run."""
    parts = ws.load_result("scorecard", dataset, version, ANY, f"{protocol}:{target}")
    return Scorecard.from_parts(parts) if parts else None


@takes(Role.VIEWER, "see results")
def load_transfer(
    ws: Workspace, dataset: str, version: int, run: str | AnyValue | None = ANY
) -> TransferMatrix | None:
    """The transfer matrix measured with a run (None: without one), by default the newest with whichever."""
    parts = ws.load_result(TRANSFER, dataset, version, run)
    return TransferMatrix.from_parts(parts) if parts else None
