from recsys_core.recommend.gru4rec import Gru4Rec
from recsys_core.recommend.sequence_model import SequenceModel
from tests.recommend.sequences import SequenceContract


class TestGru4Rec(SequenceContract):
    def kind(self) -> type[SequenceModel]:
        return Gru4Rec
