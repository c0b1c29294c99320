"""SASRec: what comes next, by self-attention over the ids of what came before."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from recsys_core.recommend.sequence_model import SequenceModel, ids_only

if TYPE_CHECKING:
    from recsys_core.training.options import TrainingOptions


@dataclass(frozen=True, eq=False)
class SasRec(SequenceModel):
    """Self-attentive sequential recommendation (Kang and McAuley 2018), trained with full cross-entropy
    instead of one drawn negative (Klenitskiy and Vasilev 2023), which does better.
    """

    name: str = "sasrec"

    def options(self) -> "TrainingOptions":
        """A causal transformer."""
        return ids_only(self)
