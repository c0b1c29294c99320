from recsys_core.recommend.sasrec import SasRec
from recsys_core.recommend.sequence_model import SequenceModel
from tests.recommend.sequences import SequenceContract


class TestSasRec(SequenceContract):
    def kind(self) -> type[SequenceModel]:
        return SasRec
