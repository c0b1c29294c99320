"""The InterestModel as a forecaster of mixes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from recsys_core.catalogue.dataset import Dataset
from recsys_core.catalogue.history import History
from recsys_core.logs.windows import Window
from recsys_core.migration.arrays import Floats, Ints
from recsys_core.migration.forecasters import Expectation, Method
from recsys_core.migration.mixes import Mixes

if TYPE_CHECKING:
    from recsys_core.training.trained_model import TrainedModel

_TOGETHER: Final = 512


class ModelForecaster:
    """The interest after a user's last event before a window, asked for every item: softmax over the items
    of each domain, summed by interest, the domains weighed by the user's own events in them.

    Honest only for windows after the last event that the model was trained on. A run in use has learned
    from the whole log, so no window of it can judge such a run.
    """

    name: Final = Method.MODEL
    parameters: Final = (1.0,)

    def __init__(
        self,
        model: "TrainedModel",
        dataset: Dataset,
        windows: Sequence[Window],
        item_interest: Ints,
        n_interests: int,
    ) -> None:
        """``item_interest``: (I,) in 0 … K-1, with ``n_interests`` = K."""
        self._model, self._dataset = model, dataset
        self._starts = [*(window.start.timestamp() for window in windows), np.inf]
        self._interest_of = np.eye(n_interests, dtype=np.float32)[item_interest]  # (I, K)

    def expect(self, people: Mixes, cut: int, parameter: float) -> Expectation:  # noqa: ARG002
        """See ``Forecaster``."""
        users = np.unique(people.user[people.window < cut])
        histories = [self._before(int(user), cut) for user in users]
        pieces = [
            self._mixes(histories[at : at + _TOGETHER]) for at in range(0, len(histories), _TOGETHER)
        ] or [np.zeros((0, people.share.shape[1]))]
        return Expectation(users, np.concatenate(pieces), np.array([len(h) for h in histories], np.float64))

    def _before(self, user: int, cut: int) -> History:
        history = self._dataset.history(user)
        return history.only(history.times < self._starts[cut])

    def _mixes(self, histories: Sequence[History]) -> Floats:
        """(N, K)."""
        data = self._dataset
        mixes = np.zeros((len(histories), self._interest_of.shape[1]))
        for domain in range(len(data.domains)):
            held = [np.count_nonzero(data.item_domain[h.items] == domain) / len(h) for h in histories]
            scores = self._model.score(histories, domain)
            chance = np.exp(scores - scores.max(axis=1, keepdims=True))
            asked = chance @ self._interest_of[data.domain_items(domain)]
            mixes += np.array(held)[:, None] * asked / asked.sum(axis=1, keepdims=True)
        return mixes
