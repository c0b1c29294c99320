"""GRU4Rec: what comes next, by a recurrent network over the ids of what came before."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from recsys_core.recommend.sequence_model import SequenceModel, ids_only

if TYPE_CHECKING:
    from recsys_core.training.options import TrainingOptions


@dataclass(frozen=True, eq=False)
class Gru4Rec(SequenceModel):
    """Gated recurrent units over item ids (Hidasi et al. 2016), trained with full cross-entropy, which did
    best of the losses that Hidasi and Czapp (2023) compare.
    """

    name: str = "gru4rec"

    def options(self) -> "TrainingOptions":
        """One recurrent layer."""
        from recsys_core.training.options import Tower

        return replace(ids_only(self), tower=Tower.GRU, layers=1)
