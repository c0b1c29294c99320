"""SASRec: what comes next, by self-attention over the ids of what came before."""

from dataclasses import dataclass

from recsys_core.recommend.sequence_model import SequenceModel
from recsys_core.training.options import Tower


@dataclass(frozen=True, eq=False)
class SasRec(SequenceModel):
    """Self-attentive sequential recommendation (Kang and McAuley 2018), trained with full cross-entropy
    instead of one drawn negative (Klenitskiy and Vasilev 2023), which does better.
    """

    name: str = "sasrec"
    tower: Tower = Tower.TRANSFORMER
    layers: int = 2
