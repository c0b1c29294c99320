"""Results of single recommenders, kept in the workspace beside the scorecards made of them."""

from dataclasses import dataclass
from typing import Final

from recsys_core.evaluation.kept import ModelResult
from recsys_core.workspace.workspace import Workspace

KIND: Final = "model-score"


@dataclass(frozen=True)
class KeptScores:
    """Of one dataset version and one run (None: without one), whose encoder the texts are read by.

    ``apart``: keeps those apart that differ in what neither code nor split tells, e.g. whether the blend had
    a trained model.
    """

    ws: Workspace
    dataset: str
    version: int
    run: str | None
    apart: str = ""

    def load(self, split_hash: str, name: str, code: str) -> ModelResult | None:
        """The result of a model on a split, made by this code; None where there is none."""
        parts = self.ws.load_result(KIND, self.dataset, self.version, self.run, self._key(split_hash, name))
        return ModelResult.from_parts(parts, code) if parts else None

    def save(self, split_hash: str, name: str, code: str, result: ModelResult) -> None:
        """Keep it instead of an older one."""
        key = self._key(split_hash, name)
        self.ws.save_result(KIND, self.dataset, self.version, self.run, result.parts(code), key)

    def _key(self, split_hash: str, name: str) -> str:
        return f"{self.apart}:{split_hash}:{name}" if self.apart else f"{split_hash}:{name}"
