"""GRU4Rec: what comes next, by a recurrent network over the ids of what came before."""

from dataclasses import dataclass

from recsys_core.recommend.sequence_model import SequenceModel
from recsys_core.training.options import Tower


@dataclass(frozen=True, eq=False)
class Gru4Rec(SequenceModel):
    """Gated recurrent units over item ids (Hidasi et al. 2016), trained with cross-entropy (one of the losses
    of Hidasi and Karatzoglou 2018), here over all items.
    """

    name: str = "gru4rec"
    tower: Tower = Tower.GRU
    layers: int = 1
