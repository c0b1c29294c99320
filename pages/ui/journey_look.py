"""How a journey is looked at: by which interests or domains, in which windows, in which colours."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pages.ui.colours import domain_colours, interest_colours
from recsys_core.catalogue.dataset import Dataset
from recsys_core.columns import INTEREST, NAME
from recsys_core.interests.interests import Interests
from recsys_core.logs.windows import Window, WindowSize, windows_between


@dataclass(frozen=True, eq=False)
class Look:
    """``by``: "interest" or "domain", what events are coloured and counted by; interests are of ``level``."""

    dataset: Dataset
    interests: Interests
    level: int
    by: str
    size: WindowSize

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """From the first event of the dataset to the last."""
        return windows_between(int(self.dataset.time.min()), int(self.dataset.time.max()), self.size)

    @property
    def window_ids(self) -> list[str]:
        """Their ids, oldest first."""
        return [window.id for window in self.windows]

    @cached_property
    def names(self) -> dict[int, str]:
        """What every interest id of any level is called."""
        table = self.interests.table
        return {int(i): str(name) for i, name in zip(table[INTEREST], table[NAME], strict=True)}

    @cached_property
    def interest_colours(self) -> dict[int, str]:
        """By interest id, of any level."""
        return interest_colours(self.interests)

    @property
    def interest_ids(self) -> list[int]:
        """Those of the level."""
        return [int(i) for i in self.interests.at_level(self.level)[INTEREST]]

    @property
    def item_interest(self) -> NDArray[np.int64]:
        """(I,) position in ``interest_ids`` of each item's interest."""
        return np.asarray(self.interests.item_interest[self.level] - self.interest_ids[0], np.int64)

    @property
    def groups(self) -> Sequence[str]:
        """The interests or domains, by name."""
        return self.dataset.domains if self.by == "domain" else [self.names[i] for i in self.interest_ids]

    @property
    def item_group(self) -> NDArray[np.int64]:
        """(I,) position in ``groups`` of each item."""
        return self.dataset.item_domain if self.by == "domain" else self.item_interest

    @property
    def colours(self) -> dict[str, str]:
        """By name of the group."""
        if self.by == "domain":
            return domain_colours(self.dataset.domains)
        return {self.names[i]: self.interest_colours[i] for i in self.interest_ids}
